"""What a copy can be changed in without losing a fingerprint, and what winnowing guarantees."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yolo_course.grading.course.similarity.fingerprints import GRAM, WINDOW, fingerprints, grams, tokens, winnow

CODE = '''\
def pairwise(first, second):
    """Areas that two boxes share."""
    corner = torch.maximum(first[:, None, :2], second[None, :, :2])  # the upper left one
    side = (torch.minimum(first[:, None, 2:], second[None, :, 2:]) - corner).clamp(min=0)
    print(f"{side!r:>{4}} shared", "as it " "is")
    return side.prod(dim=2)
'''
CHANGED = """\
def s(
    a,
    b,
):
  # mine
  p=torch.maximum(a[ : , None,:3],b[None,:,:2]) ; q =(torch.minimum(a[:,None,2:,],b[None,:,2:])-p).clamp(least=1)
  print( f'{q}' , 'x')

  'not a docstring, but as good as one'
  return q.prod(dim = 0x2)
"""
KINDS = st.sampled_from(["name", "=", "(", ")", "0", "return"])


def kinds(source):
    return [token.kind for token in tokens(source)[0]]


def prints(of):
    return {each for each, _ in fingerprints(of)}


def test_names_numbers_texts_comments_and_layout_do_not_count():
    assert kinds(CODE) == kinds(CHANGED)
    assert len(kinds(CODE)) > 80


def test_keywords_and_operators_count():
    assert kinds("for a in b: pass") != kinds("while a in b: pass")
    assert kinds("a + b") != kinds("a - b")


def test_a_token_knows_its_place():
    told = [(each.kind, CHANGED[each.start : each.end]) for each in tokens(CHANGED)[0]]
    assert ("name", "maximum") in told
    assert ("0", "0x2") in told
    assert [text for kind, text in told if kind == "''"] == ["f'{q}'", "'x'"]


@pytest.mark.parametrize("broken", ["def f(:\n  'abc\n", "x = (1,\n", "if a:\n    b\n  c\n", "%%bash\nls 'x\n", "\x00"])
def test_what_does_not_parse_gives_the_tokens_before(broken):
    read = tokens(CODE + broken)[0]
    assert [each.kind for each in read[: len(kinds(CODE))]] == kinds(CODE)


@given(st.lists(st.integers(0, 9), max_size=60), st.integers(1, 8))
def test_of_every_window_the_least_is_kept(hashes, window):
    kept = winnow(hashes, window)
    assert kept == sorted(set(kept))
    for start in range(len(hashes) - window + 1):  # the oracle: look into each window
        inside = [hashes[place] for place in kept if start <= place < start + window]
        assert min(hashes[start : start + window]) in inside
    assert bool(kept) == bool(hashes)


@given(*[st.lists(KINDS, max_size=40)] * 4, st.lists(KINDS, min_size=GRAM + WINDOW - 1, max_size=60))
def test_any_shared_run_of_that_length_is_found(before, after, other_before, other_after, run):
    shared = prints(before + run + after) & prints(other_before + run + other_after)
    assert shared & set(grams(run))


def test_the_order_of_functions_does_not_matter():
    functions = [
        f"def f{n}(a, b):\n    return [a {op} x for x in b if x {op} {n}]\n" * 2 for n, op in enumerate("+-*/%&|")
    ]
    shuffled = random.Random(0).sample(functions, len(functions))
    ours, theirs = prints(kinds("".join(functions))), prints(kinds("".join(shuffled)))
    assert len(ours & theirs) > 0.6 * min(len(ours), len(theirs))
