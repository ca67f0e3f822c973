"""The words of a question: without markup, on one line, and in which language."""

from __future__ import annotations

import html
import re

#: Names of languages as they stand in column headings, for headings that give no code such as `label::Dutch (nl)`.
LANGUAGES = {
    "arabic": "ar", "العربية": "ar", "deutsch": "de", "german": "de", "english": "en", "engels": "en", "spanish": "es",
    "español": "es", "espanol": "es", "french": "fr", "français": "fr", "francais": "fr", "frysk": "fy",
    "italian": "it", "italiano": "it", "dutch": "nl", "nederlands": "nl", "papiamento": "pap", "papiamentu": "pap",
    "polish": "pl", "polski": "pl", "portuguese": "pt", "português": "pt", "romanian": "ro", "russian": "ru",
    "somali": "so", "tigrinya": "ti", "turkish": "tr", "türkçe": "tr", "turks": "tr", "ukrainian": "uk", "farsi": "fa",
    "persian": "fa", "dari": "prs", "chinese": "zh",
}  # fmt: skip

_CODE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
_CODE_IN_BRACKETS = re.compile(rf"\(\s*({_CODE})\s*\)\s*$")
_PROGRAMS = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_INLINE = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|sub|sup|small|big|mark)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MARKDOWN = re.compile(r"(?<![*_])(\*\*|__)(?![\s*_])(.+?)(?<![\s*_])\1(?![*_])")
_HEADING = re.compile(r"^#{1,6}\s+")


def one_line(text: str) -> str:
    """Every stretch of white space as one space, none at the ends."""
    return " ".join(text.split())


def plain(text: str, *, markdown: bool) -> str:
    """The words alone, on one line: without HTML tags and entities and, with `markdown`, its bold and headings."""
    without = html.unescape(_TAG.sub(" ", _INLINE.sub("", _PROGRAMS.sub(" ", text)))).strip()
    return one_line(_MARKDOWN.sub(r"\2", _HEADING.sub("", without)) if markdown else without)


def language_of(name: str) -> str | None:
    """The code of a language as a heading names it: `Dutch (nl)`, `nl`, `Nederlands`. None when it cannot be told."""
    in_brackets = _CODE_IN_BRACKETS.search(name)
    if in_brackets:
        return in_brackets[1].lower()
    known = LANGUAGES.get(name.strip().lower())
    return known or (name.strip().lower() if re.fullmatch(_CODE, name.strip()) and len(name.strip()) != 3 else None)
