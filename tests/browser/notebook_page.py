"""A notebook open in JupyterLab, as a person at a keyboard sees it."""

import re

from playwright.sync_api import Locator, Page, expect

MINUTE = 60_000  # milliseconds
ERROR = "application/vnd.jupyter.stderr"  # errors too are shown under this name


class NotebookPage:
    """Drive one notebook: run all, press keys on a control, read outputs."""

    def __init__(self, page: Page, address: str):
        self.page = page
        page.goto(address)
        expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=MINUTE)
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=MINUTE)
        self.wait_until_idle()

    def wait_until_idle(self, timeout: float = MINUTE) -> None:
        indicator = self.page.locator(".jp-Notebook-ExecutionIndicator")
        expect(indicator).to_have_attribute("data-status", "idle", timeout=timeout)
        expect(self.page.locator(".jp-InputPrompt", has_text="[*]")).to_have_count(0, timeout=timeout)

    def run_all(self, timeout: float = 5 * MINUTE) -> None:
        """Run every cell; fails with the first cells' errors if JupyterLab stopped half-way."""
        prompts = self.page.locator(".jp-CodeCell .jp-InputPrompt")
        self._choose("Run All Cells")
        expect(prompts.last).to_have_text("[*]:", timeout=MINUTE)
        expect(prompts.last).not_to_have_text("[*]:", timeout=timeout)
        self.wait_until_idle(timeout)
        errors = self.page.locator(f".jp-OutputArea-output[data-mime-type='{ERROR}']").all_inner_texts()
        assert prompts.last.inner_text() != "[ ]:", f"stopped after {errors}"

    def run_all_above(self, cell: Locator) -> None:
        """Run every cell above one, as unit 00 advises who comes back another day."""
        self._select(cell)
        self._choose("Run All Above Selected Cell")
        first = self.page.locator(".jp-CodeCell .jp-InputPrompt").first
        expect(first).to_have_text(re.compile(r"\[\d+\]"), timeout=MINUTE)
        self.wait_until_idle()

    def cell(self, place: int) -> Locator:
        """The n-th cell of the notebook, text cells counted."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(place)

    def write_and_run(self, cell: Locator, source: str) -> None:
        """Replace a cell's source as a learner would, and run it."""
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Control+Enter")
        self.wait_until_idle()

    def run_cell(self, cell: Locator) -> None:
        self._select(cell)
        self.page.keyboard.press("Control+Enter")
        self.wait_until_idle()

    def _select(self, cell: Locator) -> None:
        cell.scroll_into_view_if_needed()
        cell.locator(".jp-InputPrompt").click()

    def _choose(self, item: str) -> None:
        """Choose an item of the menu Run."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name=re.compile(f"^{item}$")).click()
