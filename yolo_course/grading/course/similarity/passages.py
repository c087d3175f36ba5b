"""The passages that two submissions share: the longest runs of equal tokens around their shared fingerprints."""

from dataclasses import dataclass

from yolo_course.grading.course.similarity.compare import Pair
from yolo_course.grading.course.similarity.fingerprints import GRAM
from yolo_course.grading.course.similarity.own_code import OwnCell

SPOTS = 8  # places of one fingerprint in one submission that are followed
MOST = 500  # passages that are looked for


@dataclass(frozen=True, order=True)
class Passage:
    """A run of equal tokens: in which cell and from which token on, on both sides, and how long."""

    first_cell: int
    first_start: int
    second_cell: int
    second_start: int
    length: int


def passages(pair: Pair) -> list[Passage]:
    """The passages of a pair in the order of the first submission; none overlaps another on either side."""
    found: set[Passage] = set()
    for each in sorted(pair.shared, key=pair.first.prints.__getitem__):
        for first in pair.first.prints[each][:SPOTS]:
            for second in pair.second.prints[each][:SPOTS]:
                if len(found) < MOST and not any(_within(first, second, known) for known in found):
                    found.add(_stretched(pair, first, second))
    kept: list[Passage] = []
    for passage in sorted(found, key=lambda passage: -passage.length):
        if not any(_overlap(passage, other) for other in kept):
            kept.append(passage)
    return sorted(kept)


def _stretched(pair: Pair, first: tuple[int, int], second: tuple[int, int]) -> Passage:
    """The longest run of equal tokens that holds the fingerprint at these places."""
    one, other = _kinds(pair.first.cells[first[0]]), _kinds(pair.second.cells[second[0]])
    back = ahead = 0
    while min(first[1], second[1]) > back and one[first[1] - back - 1] == other[second[1] - back - 1]:
        back += 1
    most = min(len(one) - first[1], len(other) - second[1])
    while ahead < most and one[first[1] + ahead] == other[second[1] + ahead]:
        ahead += 1
    return Passage(first[0], first[1] - back, second[0], second[1] - back, back + ahead)


def _kinds(cell: OwnCell) -> list[str]:
    return [token.kind for token in cell.tokens]


def _within(first: tuple[int, int], second: tuple[int, int], known: Passage) -> bool:
    along = first[1] - known.first_start
    same = first[0] == known.first_cell and second[0] == known.second_cell
    return same and second[1] - known.second_start == along and 0 <= along <= known.length - GRAM


def _overlap(one: Passage, other: Passage) -> bool:
    return (one.first_cell == other.first_cell and _cross(one.first_start, other.first_start, one, other)) or (
        one.second_cell == other.second_cell and _cross(one.second_start, other.second_start, one, other)
    )


def _cross(start: int, other_start: int, one: Passage, other: Passage) -> bool:
    return start < other_start + other.length and other_start < start + one.length
