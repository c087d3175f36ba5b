import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from yolo_course.errors import ModelError
from yolo_course.models.lint.document import MAX_BYTES, parse, read_text

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60)
@given(values, st.booleans())
def test_reads_what_safe_load_reads(value, flow):
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)
    assert parse(text).value == yaml.safe_load(text)


def test_reads_all_models_as_safe_load_does(stock, zoo):
    for path in (*stock.values(), *zoo.values()):
        text = path.read_text()
        assert parse(text).value == yaml.safe_load(text)


def test_knows_the_lines():
    document = parse("nc: 3\n\nscales:\n  n: [1, 1, 8]\nhead:\n  - [-1,\n     1]\n  - [2]\n")
    assert [document.line(*place) for place in (("nc",), ("scales", "n"), ("head", 0), ("head", 1))] == [1, 4, 6, 8]
    assert document.line("head", 1, "no", "such") == 8
    assert document.line("nowhere") == 1


def test_anchors_and_merges_mean_what_they_mean():
    text = "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: [*a, *a]\n"
    assert parse(text).value["b"] == {"x": 1, "y": 3}
    assert parse(text).value["c"] == yaml.safe_load(text)["c"]


def test_tells_of_keys_given_twice():
    document = parse("nc: 1\nhead: []\nnc: 2\n")
    assert document.value == {"nc": 2, "head": []}
    assert document.twice == [("nc", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "a: !!python/object/apply:os.getcwd []",
        "a: !!python/name:os.system x",
        "a: !mine {x: 1}",
        "a: *nobody",
        "a: &a [*a]",
        "? [1, 2]\n: 3",
        "a: 1\n---\nb: 2",
        f"a: {'9' * 5000}",
        "a: [1, 2",
    ],
)
def test_what_is_no_plain_document_is_refused(text):
    with pytest.raises(yaml.MarkedYAMLError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "- " * 50_000,
        "[x" + ",x" * 30_000 + "]",
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    ],
    ids=["deep lists", "deep rows", "many", "aliases of aliases"],
)
def test_what_is_too_much_is_refused_at_once(text):
    with pytest.raises(ModelError, match=r"line [1-9]"):
        parse(text)


def test_a_file_that_is_no_text_or_too_big_is_refused(tmp_path):
    big, binary = tmp_path / "big.yaml", tmp_path / "binary.yaml"
    big.write_bytes(b"a" * (MAX_BYTES + 1))
    binary.write_bytes(b"nc: 3\n\xff\xfe")
    with pytest.raises(ModelError, match="too big"):
        read_text(big)
    with pytest.raises(ModelError, match=r"binary\.yaml:2"):
        read_text(binary)
    with pytest.raises(ModelError, match="cannot be read"):
        read_text(tmp_path)
