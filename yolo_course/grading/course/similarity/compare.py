"""Which submissions of a unit share more code than chance explains. It points at pairs to read; it proves nothing.

Fingerprints that occur in the lesson, its stubs or its solutions do not count, nor those that more than a third of the
class shares: a common answer is no copy. A pair's score is what the two share, over all that the smaller one has.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import nbformat
import numpy as np
from scipy.sparse import csr_matrix, triu

from yolo_course.errors import CourseError
from yolo_course.grading.course.root import CourseRoot
from yolo_course.grading.course.similarity.own_code import Lesson, OwnCode, read_lesson, read_own_code

THRESHOLD = 0.3  # docs/instructors.md says how it was measured
LEAST = 20  # fingerprints that a pair must share
COMMON, FEW = 1 / 3, 3  # what so large a part of the class shares is common, unless it is so few


@dataclass(frozen=True)
class Pair:
    """Two submissions that share much.

    Args:
        first: The one.
        second: The other.
        shared: The fingerprints they share and few others have.
        score: Their number over all of the smaller submission's.
    """

    first: OwnCode
    second: OwnCode
    shared: frozenset[int]
    score: float


@dataclass(frozen=True)
class Similarity:
    """What came of comparing all submissions of a unit.

    Args:
        unit: The unit.
        compared: How many submissions were compared.
        pairs: Those at or above the threshold, the most alike first.
        gaps: For each learner what could not be compared.
        threshold: The score from which a pair is told.
    """

    unit: str
    compared: int
    pairs: list[Pair]
    gaps: list[tuple[str, str]]
    threshold: float


def compare_unit(
    root: CourseRoot, unit: str, threshold: float = THRESHOLD, students: Iterable[str] | None = None
) -> Similarity:
    """Compare everything that was handed in for a unit.

    Args:
        root: The course root.
        unit: A unit, by name or number.
        threshold: Score from which a pair is told, above 0 and at most 1.
        students: Whose; None for all. An iterable that shows progress may be given.

    Raises:
        CourseError: There is no such unit, or the threshold is no share.
    """
    if not 0 < threshold <= 1:
        raise CourseError("out of range", expected="a threshold above 0 and at most 1", found=threshold)
    unit = root.unit(unit)
    lesson = read_lesson(nbformat.read(root.source(unit), as_version=4))
    works, gaps = [], []
    for student in root.students(unit) if students is None else students:
        try:
            works.append(read_own_code(root.place("submitted", student, unit) / f"{unit}.ipynb", student, lesson))
            gaps += [(student, gap) for gap in works[-1].gaps]
        except CourseError as error:
            gaps.append((student, error.message))
    return Similarity(unit, len(works), pairs(works, lesson, threshold), gaps, threshold)


def pairs(works: list[OwnCode], lesson: Lesson, threshold: float = THRESHOLD) -> list[Pair]:
    """The pairs that share much, the most alike first."""
    counts = Counter(each for work in works for each in work.prints)
    most = max(FEW, len(works) * COMMON)
    known = lesson.stub | lesson.reference
    telling = [each for each, count in counts.items() if 1 < count <= most and each not in known]
    sizes = [sum(each not in lesson.stub for each in work.prints) for work in works]
    found = []
    for one, other, count in _shared_counts(works, telling):
        score = count / min(sizes[one], sizes[other])
        if count >= LEAST and score >= threshold:
            first, second = works[one], works[other]
            shared = frozenset(first.prints.keys() & second.prints.keys() & set(telling))
            found.append(Pair(first, second, shared, score))
    return sorted(found, key=lambda pair: (-pair.score, pair.first.student, pair.second.student))


def _shared_counts(works: list[OwnCode], telling: list[int]) -> Iterable[tuple[int, int, int]]:
    """For each two that share anything: their places, and how much. An index of fingerprints, no loop over pairs."""
    if len(works) < 2 or not telling:
        return []
    column = {each: place for place, each in enumerate(telling)}
    places = [(row, column[each]) for row, work in enumerate(works) for each in work.prints if each in column]
    rows, columns = np.array(places).T
    index = csr_matrix((np.ones(len(places), np.int32), (rows, columns)), (len(works), len(telling)))
    shared = triu(index @ index.T, k=1).tocoo()
    return zip(shared.row.tolist(), shared.col.tolist(), shared.data.tolist(), strict=True)
