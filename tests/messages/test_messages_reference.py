"""docs/reference/texts.md is what the catalogue prints. PEIL_PRINT_DOCS=1 prints it again."""

from __future__ import annotations

import os
from pathlib import Path

from service.messages.catalogue import read_catalogue
from service.messages.reference import print_texts

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "texts.md"


def test_the_page_is_what_the_catalogue_prints() -> None:
    texts = ROOT / "service" / "messages" / "texts"
    files = {f"{path.parent.name}/{path.name}": path.read_text("utf-8") for path in texts.glob("*/*.yaml")}
    printed = print_texts(read_catalogue(files))
    if os.environ.get("PEIL_PRINT_DOCS"):
        PAGE.write_text(printed, "utf-8")
    assert PAGE.read_text("utf-8") == printed, (
        "run: PEIL_PRINT_DOCS=1 .venv/bin/pytest tests/messages/test_messages_reference.py"
    )
