"""What a builder of models is told about a row that does not work."""

import pytest
from ultralytics.nn import tasks

from yolo_course.errors import ModelError
from yolo_course.registry.rows import rows_of


def message(*rows: list, file: str | None = None) -> str:
    d = {"nc": 2, "backbone": [[-1, 1, "Conv", [8, 3, 2]], *rows], "head": []}
    with pytest.raises(ModelError) as caught:
        tasks.parse_model({**d, "yaml_file": file} if file else d, 3, verbose=False)
    return str(caught.value)


@pytest.mark.usefixtures("pepper")
@pytest.mark.parametrize(
    ("row", "told"),
    [
        ([-1, 1, "Convv", [8]], "row 1 (Convv): no module has this name: expected Conv. Try: check the spelling"),
        ([-1, 1, "PeperMill", [8]], "row 1 (PeperMill): no module has this name: expected PepperMill"),
        ([-1, 1, "Qwertyuiop", [8]], "no module has this name. Try: check the spelling, or import the package that"),
        ([3, 1, "Conv", [8]], "row 1 (Conv): it reads a layer that does not come before it: expected 0 to 0, or"),
        ([3, 1, "Corn", [8]], "row 1 (Corn): it reads a layer that does not come before it"),
        ([[0, -3], 1, "PepperBlend", [8]], "it reads a layer that does not come before it"),
        ([-1, 1, "Conv", [8, 3, 1, None, 1, 1, True, 9]], "Conv(c1, c2, k=1, s=1, p=None, g=1, d=1, act=True), found"),
        ([-1, 1, "Corn", [8, 3, 1, 9]], "expected PepperCorn(c1, c2, k=3, s=1), found PepperCorn(8, 8, 3, 1, 9)"),
        (
            [-1, 1, "Corn", []],
            "row 1 (Corn): a row of PepperCorn is written otherwise: expected [-1, 1, Corn, [c2, …]]",
        ),
        ([[0, 0], 1, "Corn", [8]], "it builds PepperCorn(c1, c2, …); another rule may suit it better"),
        ([-1, 1, "PepperBlend", [8]], "expected [[a, b], 1, PepperBlend, [c2, …]], found [-1, 1, 'PepperBlend', [8]]"),
        ([[0, 0], 2, "PepperBlend", [8]], "row 1 (PepperBlend): a row of PepperBlend is written otherwise"),
        ([-1, 1, "Corn", ["a b"]], "row 1 (Corn): SyntaxError"),
        ([-1, 1, "Conv", ["many"]], "row 1 (Conv): Conv cannot be built: TypeError"),
        ([-1, "Conv", [8]], "row 1 (?): the row is malformed: expected [from, repeats, module, arguments]"),
        ([-1, 1, ["Conv"], [8]], "row 1 (?): the row is malformed"),
    ],
)
def test_told(row, told):
    assert told in message(row)


def test_file_is_named():
    assert message([-1, 1, "Nope", []], file="/a/b/mine.yaml").startswith("mine.yaml, row 1 (Nope): ")


@pytest.mark.parametrize("part", ["backbone", "head"])
def test_missing_part(part):
    with pytest.raises(ModelError, match=f"mine.yaml: the model has no {part}"):
        rows_of({"yaml_file": "mine.yaml", "backbone": [], "head": [], part: None})


@pytest.mark.parametrize(
    ("number", "source", "inputs"), [(0, -1, [-1]), (3, -1, [2]), (3, [0, -2, -1], [0, 1, 2]), (2, [-1], [1])]
)
def test_inputs_count_from_the_first_row(number, source, inputs):
    row = rows_of({"backbone": [[source, 1, "Conv", []]] * (number + 1), "head": []})[number]
    assert row.inputs == inputs
