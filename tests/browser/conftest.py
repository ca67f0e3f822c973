"""A real Chromium for every test of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = "/usr/bin/chromium"
AXE = Path("service/api/static/vendor/axe.min.js")
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists() or not AXE.exists():
        pytest.skip("needs Chromium at /usr/bin/chromium (`scripts/need-chromium` installs it) and `make setup`")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def violations(page: Any, name: str) -> list[str]:
    """What is wrong with the page that is open: accessibility rules, and scrolling sideways."""
    page.evaluate("document.fonts.ready")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
    wrong = [f"{name}: {rule['id']} {[node['target'] for node in rule['nodes']][:3]}" for rule in found]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        wrong.append(f"{name} scrolls sideways")
    return wrong
