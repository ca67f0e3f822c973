"""What a person wrote in a mail: without the mail it answers, and without what the telephone put under it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

#: Above the quoted mail: "Op ma 2 mrt 2026 om 10:30 schreef ...:", over one to three lines.
_ATTRIBUTION: Final = re.compile(
    r"(?i)^\W{0,3}(op|on|am|le|in)\b.{0,300}\b(schreef|heeft .{0,200}geschreven|wrote|schrieb|a écrit)\b.{0,200}:?\s*$"
)
_SCHREEF: Final = re.compile(r"(?i)^.{0,200}<[^<>\s]+@[^<>\s]+>\s*(schreef|wrote)\b.{0,80}:\s*$")
_DIVIDER: Final = re.compile(
    r"(?i)^\s*(-{2,}\s*(oorspronkelijk|original|doorgestuurd|forwarded|begin doorgestuurd).{0,60}|_{10,}\s*)$"
)
#: The block of headers that Outlook puts above what it quotes.
_OUTLOOK: Final = re.compile(r"(?i)^\s*\*?(van|from|von)\*?\s*:.{0,300}$")
_OUTLOOK_NEXT: Final = re.compile(r"(?i)^\s*\*?(verzonden|datum|sent|date|aan|to|onderwerp|subject|gesendet)\*?\s*:")
#: Comments and declarations: the parser refuses some that mail programs write.
_DECLARATION: Final = re.compile(r"(?s)<!--.*?-->|<![^>]*>")
#: A signature, by its mark or as telephones and mail programs write it.
_SIGNATURE: Final = re.compile(
    r"(?i)^\s*(-- ?|(verstuurd|verzonden|gestuurd) (vanaf|vanuit|met|via|door) .{1,80}"
    r"|sent (from|with|via|using) .{1,80}"
    r"|(outlook|mail|gmail) (voor|for) (android|ios|windows|iphone).{0,60}"
    r"|(download|get|haal) outlook .{1,60}|outlook voor .{1,40}downloaden.{0,40})\s*$"
)


def written(text: str) -> str:
    """The words above, between and under what is quoted, up to a signature."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if _SIGNATURE.match(line):
            break
        quoted_under = _attribution(lines, place)
        if quoted_under:
            place += quoted_under
            if not _quotes_next(lines, place):
                break  # what follows is the old mail, without marks
            continue
        if _DIVIDER.match(line) or _begins_outlook(lines, place):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
        place += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _attribution(lines: list[str], place: int) -> int:
    """Over how many lines an attribution begins here; 0 when none does."""
    if not lines[place].strip():
        return 0
    for length in (1, 2, 3):
        joined = " ".join(part.strip() for part in lines[place : place + length])
        if (_ATTRIBUTION.match(joined) and joined.endswith(":")) or _SCHREEF.match(joined):
            return length
    return 0


def _quotes_next(lines: list[str], place: int) -> bool:
    following = (line for line in lines[place:] if line.strip())
    return next(following, "").lstrip().startswith(">")


def _begins_outlook(lines: list[str], place: int) -> bool:
    following = [line for line in lines[place + 1 : place + 4] if line.strip()]
    return _OUTLOOK.match(lines[place]) is not None and any(_OUTLOOK_NEXT.match(line) for line in following)


class _Words(HTMLParser):
    """The words of a page; what a mail program quotes, and what is not shown, is passed over."""

    BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "table"})
    HIDDEN: Final = frozenset({"style", "script", "head", "title", "blockquote"})
    EMPTY: Final = frozenset({"br", "img", "hr", "meta", "link", "input", "wbr", "col"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []  # every open element, and whether it hides what is in it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag in self.BREAKS:
            self.found.append("\n")
        if tag == "blockquote":
            self.found.append("\n>\n")  # as a plain mail marks what is quoted here
        marks = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        if tag not in self.EMPTY:
            self._open.append((tag, tag in self.HIDDEN or "gmail_quote" in marks))

    def handle_endtag(self, tag: str) -> None:
        """Close the newest open element of this name, with what was left open in it."""
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                break
        if tag in self.BREAKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        """Words, when they are shown."""
        if not any(hides for _, hides in self._open):
            self.found.append(re.sub(r"\s+", " ", data))


def from_html(page: str) -> str:
    """The words of a mail that has no plain part, without what is quoted."""
    words = _Words()
    words.feed(_DECLARATION.sub(" ", page).replace("<!", " "))
    words.close()
    lines = (line.strip() for line in "".join(words.found).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
