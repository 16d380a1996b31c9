"""People in Chromium: a page each, with an authenticator of their own that holds their passkey.

- The suite runs where Playwright and Chromium are; elsewhere it is skipped, with the line that installs them.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium")
AXE_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "section508", "best-practice")
MISSING = "no Chromium or Playwright: apt-get install -y chromium libatomic1 && make .venv/browser.stamp"


def is_there() -> bool:
    """True when the browser suite can run here."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return False
    return CHROMIUM is not None


@contextmanager
def chromium() -> Iterator[Any]:
    """One browser for several people."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        try:
            yield browser
        finally:
            browser.close()


def violations(page: Any, seen: set[tuple[int, str]] | None = None) -> list[str]:
    """What axe finds against the page as it stands, but for a main part that `seen` has at this width."""
    import axe_playwright_python

    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text())
    main = page.viewport_size["width"], page.locator("main").inner_html()
    looked_at = {"exclude": ["main"]} if seen is not None and main in seen else {"include": ["html"]}
    found = page.evaluate("([at, tags]) => axe.run(at, {runOnly: tags})", [looked_at, AXE_RULES])
    if seen is not None:
        seen.add(main)
    return [f"{each['id']}: {node['html'][:120]}" for each in found["violations"] for node in each["nodes"]]


@dataclass
class Visitor:
    """One person at a gate's console."""

    page: Any
    address: str
    gate: Path

    def open(self, path: str) -> None:
        """Open a page of the console."""
        self.page.goto(self.address + path)

    def make_passkey(self, keyfile: Path) -> None:
        """Make a passkey, and have the enrolled key vouch for it at the command line, as the page says."""
        from playwright.sync_api import expect

        self.open("/passkeys/new")
        self.page.get_by_role("button", name="Make a passkey").click()
        code = self.page.locator("[data-code]")
        expect(code).to_have_text(re.compile("^[0-9a-f]{16}$"))
        words = ["passkey", code.text_content(), "--gate", str(self.gate), "--as", str(keyfile)]
        subprocess.run(
            [sys.executable, "-m", "solely.cli.main", *words], check=True, capture_output=True, text=True
        )

    def sign_in(self) -> None:
        """Sign in with the passkey."""
        self.open("/sign-in")
        self.page.get_by_role("button", name="Sign in with a passkey").click()
        self.page.wait_for_url("**/me")

    def press(self, name: str) -> None:
        """Press a button, and wait for the page that comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).click()

    def sign(self) -> None:
        """Sign what is shown with the passkey."""
        self.press("Sign with your passkey")

    def look(self, picture: str) -> None:
        """Hold the open page against axe, wide and at 320 px; `PICTURES=DIR` keeps a picture of it."""
        for width, height in ((320, 800), (1280, 900)):
            self.page.set_viewport_size({"width": width, "height": height})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, picture
            found = violations(self.page)
            assert not found, (picture, width, found)
        folder = os.environ.get("PICTURES")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{picture}.png")

    @property
    def said(self) -> str:
        """The sentence on what was done."""
        return str(self.page.locator("[role=status]").text_content())


def visitor(browser: Any, address: str, gate: Path) -> Visitor:
    """A person with a browser profile and an authenticator of their own, who is verified when asked."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Visitor(page, address, gate)
