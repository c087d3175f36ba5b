"""Who moved when something was graded again: from what, to what, why."""

from dataclasses import dataclass

from yolo_course.grading.course.book import Scores


@dataclass(frozen=True)
class Move:
    """One exercise of one learner that has another verdict or other points than before."""

    student: str
    unit: str
    exercise: str
    points_before: float | None
    points: float | None
    verdict_before: str
    verdict: str
    why: list[str]


def moves(
    student: str,
    unit: str,
    why: list[str],
    before: Scores | None,
    after: Scores | None,
    verdicts_before: dict[str, str],
    verdicts: dict[str, str],
) -> list[Move]:
    """Compare a submission with what was recorded for it.

    Args:
        student: Who handed it in.
        unit: For which unit.
        why: What has changed.
        before: What the gradebook said.
        after: What it says.
        verdicts_before: Outcomes by exercise, as far as they are known.
        verdicts: Outcomes by exercise.
    """
    then, now = (scores.exercises if scores else {} for scores in (before, after))
    found = []
    for exercise in dict.fromkeys([*then, *now]):
        points = then.get(exercise), now.get(exercise)
        outcomes = verdicts_before.get(exercise, ""), verdicts.get(exercise, "")
        if points[0] != points[1] or (all(outcomes) and outcomes[0] != outcomes[1]):
            found.append(Move(student, unit, exercise, *points, *outcomes, why))
    return found
