"""A window of VS Code, with words for what a person does and sees."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page, expect
from playwright.sync_api import TimeoutError as Late

PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)  # the default of 5 s is too short when the cores are busy


class Window:
    """One folder, open in one page.

    Args:
        page: Of the browser.
        url: Of code-server.
        folder: That is open.
    """

    def __init__(self, page: Page, url: str, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self._url = url

    def open(self) -> None:
        self.page.goto(f"{self._url}/?folder={self.folder}")
        self.page.wait_for_selector(".monaco-workbench .explorer-folders-view")

    def reload(self) -> None:
        """As a person does: a page that the browser reloads has not saved its editors."""
        with self.page.expect_navigation():
            self.run_command("Developer: Reload Window")
        self.page.wait_for_selector(".monaco-workbench .part.statusbar .statusbar-item")

    # ---- doing ---------------------------------------------------------------------------------------------------

    def run_command(self, title: str) -> None:
        """From the palette; `Category: Title`."""
        self.page.keyboard.press("F1")
        box = self.page.locator(".quick-input-widget input").first
        box.wait_for(state="visible")
        box.fill(f">{title}")
        self.page.locator(
            ".quick-input-list .monaco-list-row", has_text=title.rsplit(": ", maxsplit=1)[-1]
        ).first.click()

    def open_file(self, name: str) -> None:
        self.page.keyboard.press("Control+P")
        self.page.locator(".quick-input-widget input").first.fill(name)
        self.page.locator(".quick-input-list .monaco-list-row", has_text=name).first.click()
        self.page.wait_for_selector(f".tab.active[data-resource-name='{Path(name).name}']")
        self.page.wait_for_selector(".editor-group-container.active .monaco-editor .view-line")

    def go_to_line(self, line: int, column: int = 1) -> None:
        self.page.keyboard.press("Control+G")
        self.page.locator(".quick-input-widget input").first.fill(f":{line}:{column}")
        self.page.keyboard.press("Enter")
        self.page.locator(".quick-input-widget").wait_for(state="hidden")

    def choose(self, text: str) -> None:
        """In a list that is asked from."""
        self.page.locator(".quick-input-list .monaco-list-row", has_text=text).first.click()

    def show_view(self) -> None:
        """Mooring's own, in the side bar."""
        item = self.page.locator(
            ".activitybar .action-item", has=self.page.locator("[aria-label^='Mooring']")
        )
        if "checked" not in (item.first.get_attribute("class") or ""):
            item.first.locator("a").click()
        expect(self.pane("Services")).to_be_visible()

    def quick_fix(self, title: str) -> None:
        """Asked for twice when need be: a menu that opens before the findings are known is empty, and closes."""
        action = self.page.locator(".action-widget .monaco-list-row", has_text=title).first
        self.page.keyboard.press("Control+.")
        try:
            action.wait_for(timeout=5_000)
        except Late:
            self.page.keyboard.press("Control+.")
        action.click()

    def press_lens(self, title: str) -> None:
        lens = self.lens(title)
        expect(lens).to_be_visible()
        lens.click()

    def dismiss_toasts(self) -> None:
        self.run_command("Notifications: Clear All Notifications")
        expect(self.page.locator(".notifications-toasts .notification-toast")).to_have_count(0)

    # ---- seeing --------------------------------------------------------------------------------------------------

    def lens(self, title: str) -> Locator:
        return self.page.locator(".codelens-decoration a", has_text=title).first

    @property
    def squiggles(self) -> Locator:
        return self.page.locator(
            ".editor-group-container.active .squiggly-error, .editor-group-container.active .squiggly-warning"
        )

    @property
    def text(self) -> Locator:
        return self.page.locator(".editor-group-container.active .monaco-editor .view-lines").first

    def pane(self, title: str) -> Locator:
        return self.page.locator(".pane", has=self.page.locator(f".pane-header[aria-label^='{title}']"))

    def tree(self, title: str) -> Locator:
        return self.pane(title).locator(".monaco-list-row")

    def toast(self, text: str | re.Pattern[str]) -> Locator:
        return self.page.locator(".notifications-toasts .notification-list-item", has_text=text).first

    @property
    def output(self) -> Locator:
        """The lines of the output view, as far as they are in sight."""
        return self.page.locator(".output-view .view-lines")

    def text_of_output(self) -> str:
        """The same with plain spaces, line by line."""
        return "\n".join(self.output.locator(".view-line").all_inner_texts()).replace("\u00a0", " ")

    @property
    def test_view(self) -> FrameLocator:
        return self.page.frame_locator("iframe.webview.ready").frame_locator("#active-frame")

    def picture(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)
