"""A window of VS Code, with words for what a person does and sees."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page, expect
from playwright.sync_api import TimeoutError as Late

PATIENCE_MS = 60_000
PATIENCE_S = PATIENCE_MS / 1000
expect.set_options(timeout=PATIENCE_MS)  # the default of 5 s is too short when the cores are busy


_FIRST_LOAD_MS = 180_000
"""The first page of a fresh editor compiles all of it, while other tests keep the machine busy."""


class Window:
    """One folder, open in one page.

    Args:
        page: Of the browser.
        url: Of code-server.
        folder: That is open; or a file that names several, `*.code-workspace`.
    """

    def __init__(self, page: Page, url: str, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self._url = url

    def open(self) -> None:
        kind = "workspace" if self.folder.suffix == ".code-workspace" else "folder"
        self.page.goto(f"{self._url}/?{kind}={self.folder}")
        self.page.wait_for_selector(
            ".monaco-workbench .part.statusbar .statusbar-item", timeout=_FIRST_LOAD_MS
        )
        files = self.page.locator(".explorer-folders-view")
        try:
            files.wait_for()
        except Late:  # another view is in its place
            until(lambda: self.page.keyboard.press("Control+Shift+E"), lambda: files.wait_for(timeout=5_000))

    def reload(self) -> None:
        """As a person does: a page that the browser reloads has not saved its editors."""
        with self.page.expect_navigation():
            self.run_command("Developer: Reload Window")
        self.page.wait_for_selector(".monaco-workbench .part.statusbar .statusbar-item")

    # ---- doing ---------------------------------------------------------------------------------------------------

    def run_command(self, title: str) -> None:
        """From the palette; `Category: Title`."""
        self._pick("F1", "Type the name of a command", f">{title}", title)

    def open_file(self, name: str) -> None:
        tab = self.page.locator(f".tab.active[data-resource-name='{Path(name).name}']")
        self._pick("Control+P", "Search files by name", name, Path(name).name)
        tab.wait_for()
        self.page.wait_for_selector(".editor-group-container.active .monaco-editor .view-line")

    def go_to_line(self, line: int, column: int = 1) -> None:
        box = self._input("Type the line number")
        until(lambda: self.page.keyboard.press("Control+G"), lambda: box.wait_for(timeout=5_000))
        box.fill(f":{line}:{column}")
        box.press("Enter")
        expect(box).to_be_hidden()

    def choose(self, text: str, *, title: str) -> None:
        """In a list that is asked from under that title."""
        asked = self.page.locator(".quick-input-widget:visible", has=self.page.get_by_text(title))
        asked.locator(".monaco-list-row", has_text=text).click()
        expect(asked).to_be_hidden()

    def answer(self, title: str, *, proposed: str) -> None:
        """Take what is proposed in the input of that title."""
        asked = self.page.locator(".quick-input-widget:visible", has=self.page.get_by_text(title, exact=True))
        box = asked.locator("input:visible")
        expect(box).to_have_value(proposed)
        box.press("Enter")
        expect(asked).to_be_hidden()

    def choose_from_menu(self, item: Locator, title: str) -> None:
        """The context menu takes no click in the tenth of a second after it opened: so it is clicked until it goes."""
        entry = self.page.locator(".monaco-menu").get_by_role("menuitem", name=title, exact=True)
        until(lambda: item.click(button="right"), lambda: entry.wait_for(timeout=5_000))
        until(
            lambda: entry.click(timeout=5_000) if entry.is_visible() else None,
            lambda: expect(entry).to_be_hidden(timeout=2_000),
        )

    def show_view(self) -> None:
        """Mooring's own, in the side bar."""
        named = self.page.locator("a[aria-label^='Mooring']")
        item = self.page.locator(".activitybar .action-item", has=named).locator("a")
        services = self.pane("Services")
        until(
            lambda: None if services.is_visible() else item.click(), lambda: services.wait_for(timeout=5_000)
        )

    def quick_fix(self, title: str) -> None:
        """Asked for again when need be: a menu that opens before the findings are known is empty, and closes."""
        action = self.page.locator(".action-widget .monaco-list-row.action", has_text=title)
        until(lambda: self.page.keyboard.press("Control+."), lambda: action.wait_for(timeout=5_000))
        action.click()

    def press_lens(self, title: str) -> None:
        self.lens(title).click()

    def press_in_notice(self, text: str | re.Pattern[str], button: str) -> None:
        """A toast goes after ten seconds unless the mouse is on it; then it is in the centre."""
        try:
            self.toast(text).hover(timeout=20_000)
        except Late:
            self.run_command("Notifications: Show Notifications")
        notice = self.page.locator(".notification-list-item:visible", has_text=text)
        notice.get_by_role("button", name=button, exact=True).click()

    def dismiss_toasts(self) -> None:
        self.run_command("Notifications: Clear All Notifications")
        expect(self.page.locator(".notifications-toasts .notification-toast")).to_have_count(0)

    def _pick(self, keys: str, placeholder: str, text: str, label: str) -> None:
        """The entry of that label from the list that those keys bring.

        A window that is still loading does not hear them, and a list that is open learns of nothing new.
        """
        box = self._input(placeholder)
        entry = self.page.locator(f".quick-input-list .monaco-list-row[aria-label^='{label}']")

        def ask() -> None:
            if box.is_visible():
                self.page.keyboard.press("Escape")
            self.page.keyboard.press(keys)
            box.fill(text, timeout=5_000)

        until(ask, lambda: entry.wait_for(timeout=10_000))
        entry.click()
        expect(box).to_be_hidden()

    def _input(self, placeholder: str) -> Locator:
        return self.page.locator(f".quick-input-widget input[placeholder^='{placeholder}']")

    # ---- seeing --------------------------------------------------------------------------------------------------

    def lens(self, title: str) -> Locator:
        return self.page.locator(".codelens-decoration a", has_text=title)

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

    def in_explorer(self, name: str) -> Locator:
        return self.page.locator(f".explorer-folders-view .monaco-list-row[aria-label='{name}']")

    def in_tree(self, title: str, name: str) -> Locator:
        """The entry of that name at the top level of one of the view's trees."""
        top = self.pane(title).locator(".monaco-list-row[aria-level='1']")
        return top.filter(has_text=re.compile(rf"^\s*{re.escape(name)}"))

    def toast(self, text: str | re.Pattern[str]) -> Locator:
        return self.page.locator(".notifications-toasts .notification-list-item", has_text=text)

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


def until(act: Callable[[], object], seen: Callable[[], object]) -> None:
    """Do it, and again when what it brings is not seen; a click may come too early, or meet what just changed."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with suppress(AssertionError, Late):
            act()
            seen()
            return
    act()
    seen()
