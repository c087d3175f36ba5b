"""The loss landscape in Chromium: its numbers against torchvision, alive without a kernel and with one."""

import pytest
import torch
import torchvision
from notebook_page import MINUTE, NotebookPage
from playwright.sync_api import expect
from test_units import cells, run_all

from yolo_course.explorers.loss_landscape import KINDS, LossLandscape, loss_landscape
from yolo_course.grading.build import find_course

COURSE = find_course()
UNIT = COURSE.unit("06_losses")
ORACLES = {
    "iou": torchvision.ops.box_iou,
    "giou": torchvision.ops.generalized_box_iou,
    "diou": torchvision.ops.distance_box_iou,
    "ciou": torchvision.ops.complete_box_iou,
}
IMPORT = "import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def truth(kind, box, target):
    """Score and slopes of one box, by torchvision and autograd."""
    box = torch.tensor(box, dtype=torch.float64, requires_grad=True)
    target = torch.tensor(target, dtype=torch.float64)
    corners = [torchvision.ops.box_convert(each[None], "cxcywh", "xyxy") for each in (box, target)]
    score = ORACLES[kind](*corners)[0, 0]
    return [score.item(), *torch.autograd.grad(score, box)[0].tolist()]


def shown(page):
    """The table of the explorer: a list of five numbers a kind, the last four 100 times the slopes of the loss."""
    rows = page.locator(".loss-landscape tr[data-kind]")
    return {
        row.get_attribute("data-kind"): [float(cell) for cell in row.locator("td").all_inner_texts()]
        for row in rows.all()
    }


def expect_torchvisions_numbers(page, box, target):
    for kind, (score, *slopes) in shown(page).items():
        wanted, *steepness = truth(kind, box, target)
        assert score == pytest.approx(wanted, abs=6e-4), kind
        assert slopes == pytest.approx([-100 * slope for slope in steepness], abs=6e-3), kind


@pytest.fixture
def still(page, outside):
    """The explorer as a page without a kernel."""
    page.set_content(f"<!doctype html><body>{loss_landscape().page()}</body>")
    expect(page.locator(".loss-landscape svg .box")).to_be_visible(timeout=MINUTE)
    return page


def test_scores_and_slopes_are_torchvisions(page):
    generator = torch.Generator().manual_seed(0)
    boxes, targets = (
        torch.cat(
            (torch.rand(60, 2, generator=generator) * 60 + 20, torch.rand(60, 2, generator=generator) * 40 + 6), 1
        )
        .double()
        .tolist()
        for _ in range(2)
    )
    page.goto("about:blank")
    found = page.evaluate(
        f"async ([source, boxes, targets]) => {{ const module = await {IMPORT};"
        " return boxes.map((box, i) => module.scores(box, targets[i])); }",
        [LossLandscape._esm, boxes, targets],
    )
    for box, target, scores in zip(boxes, targets, found, strict=True):
        for kind in KINDS:
            assert scores[kind] == pytest.approx(truth(kind, box, target), abs=1e-6), (kind, box, target)


def test_without_a_kernel_the_box_can_be_dragged_stretched_and_sent_downhill(still, outside):
    target = [62, 60, 22, 34]
    expect_torchvisions_numbers(still, [28, 36, 34, 18], target)
    assert shown(still)["iou"] == [0, 0, 0, 0, 0]

    frame = still.locator(".loss-landscape svg").bounding_box()
    scale = frame["width"] / 100
    picture, landscape = still.locator(".explorer-picture"), still.locator(".explorer-picture").get_attribute("src")

    def drag(start, end):
        still.mouse.move(frame["x"] + start[0] * scale, frame["y"] + start[1] * scale)
        still.mouse.down()
        still.mouse.move(frame["x"] + end[0] * scale, frame["y"] + end[1] * scale, steps=4)
        still.mouse.up()

    drag((28, 36), (58, 51))
    expect_torchvisions_numbers(still, [58, 51, 34, 18], target)
    assert picture.get_attribute("src") == landscape  # the size is the same

    drag((75, 60), (70, 65))  # the round handle, in the corner
    expect_torchvisions_numbers(still, [58, 51, 24, 28], target)
    assert still.locator(".size output").all_inner_texts() == ["24", "28"]
    expect(picture).not_to_have_attribute("src", landscape)

    still.locator(".loss-landscape .box").focus()
    still.keyboard.press("ArrowLeft")
    expect_torchvisions_numbers(still, [57, 51, 24, 28], target)

    said = still.locator(".explorer-sentence").inner_text()
    still.get_by_label("GIoU").check()
    assert still.locator(".explorer-sentence").inner_text() != said
    before = shown(still)["giou"][0]
    for _ in range(4):
        still.get_by_role("button", name="downhill").click()
    assert shown(still)["giou"][0] > max(before, 0.8)

    still.get_by_role("button", name="Start over").click()
    expect_torchvisions_numbers(still, [28, 36, 34, 18], target)
    still.get_by_label("IoU", exact=True).check()
    expect(still.locator(".explorer-sentence")).to_contain_text("Its gradient is zero")
    assert outside == []


def test_two_explorers_on_a_page_do_not_disturb_each_other(page):
    page.set_content(f"<!doctype html><body>{loss_landscape().page()}{loss_landscape(kind='iou').page()}</body>")
    both = page.locator(".loss-landscape")
    expect(both).to_have_count(2)
    both.nth(1).get_by_label("GIoU").check()
    expect(both.nth(0).locator("tr.chosen")).to_have_attribute("data-kind", "ciou")
    expect(both.nth(1).locator("tr.chosen")).to_have_attribute("data-kind", "giou")


def test_run_all_then_python_knows_where_the_box_is(lab, page, outside):
    notebook = NotebookPage(page, lab.page_of(UNIT.name))
    run_all(UNIT, notebook)
    sources = ["".join(cell["source"]) for cell in cells(UNIT)]
    explorer = notebook.cell(sources.index("loss_landscape()"))
    notebook.write_and_run(explorer, "explorer = loss_landscape()\nexplorer")
    box = explorer.locator(".loss-landscape .box")
    expect(box).to_be_visible(timeout=MINUTE)
    box.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(explorer.locator(".loss-landscape .box")).to_have_attribute("aria-label", "predicted box, centre 31, 36")
    notebook.write_and_run(notebook.cell(sources.index("loss_landscape()") + 2), "print(explorer.box)")
    expect(page.get_by_text("[31.0, 36.0, 34.0, 18.0]").first).to_be_visible(timeout=MINUTE)
    assert outside == []
