import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yolo_course import data
from yolo_course.data.division.groups import SERIES, presence, together


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), min_size=1, max_size=12))
def test_units_are_what_a_chain_of_equal_names_or_bytes_holds_together(tmp_path_factory, files):
    """Brute force: two files share a group exactly when a chain of pairs, equal in group or in bytes, joins them."""
    folder = tmp_path_factory.mktemp("files")
    images = []
    for number, (_, content) in enumerate(files):
        images.append(folder / f"{number}.png")
        images[-1].write_text(content)
    groups = {image.name: group for image, (group, _) in zip(images, files, strict=True)}
    groups = together(images, groups)
    joined = {(a, b) for a, b in combinations(range(len(files)), 2) if any(map(str.__eq__, files[a], files[b]))}
    joined = _closure(len(files), joined)
    for a, b in combinations(range(len(files)), 2):
        assert (groups[a] == groups[b]) == ((a, b) in joined)
    assert sorted(set(groups.tolist())) == list(range(groups.max() + 1))


def _closure(count, pairs):
    """All pairs that a walk over the pairs connects."""
    reach = {a: {a} for a in range(count)}
    for _ in range(count):
        for a, b in pairs:
            whole = reach[a] | reach[b]
            for each in whole:
                reach[each] = whole
    return {(a, b) for a in range(count) for b in reach[a] if a < b}


@pytest.mark.parametrize(
    ("stem", "group"),
    [
        ("clip3_0001", "clip3"),
        ("clip3_2", "clip3"),
        ("IMG-0042", "IMG"),
        ("a.b 17", "a.b"),
        ("name", "name"),
        ("17", ""),
    ],
)
def test_a_series_is_a_name_without_its_last_number(stem, group):
    assert re.fullmatch(SERIES, stem)[1] == group


def test_files_that_are_gone_hold_nothing_together(tmp_path):
    images = [tmp_path / "a.png", tmp_path / "b.png"]
    assert together(images).tolist() == [0, 1]


def test_presence_is_what_the_first_columns_say(shapes):
    dataset = data.load(shapes)
    images = dataset.splits["train"]
    for image, row in zip(images, presence(dataset, images), strict=True):
        lines = dataset.label_of(Path(image)).read_text().splitlines()
        assert row.tolist() == [int(any(line[0] == str(cls) for line in lines)) for cls in range(3)]
