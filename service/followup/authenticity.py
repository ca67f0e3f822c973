"""Is this message from us? What was pasted -> the texts that may have been sent, and the links and numbers in it."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from service.followup.addresses import mobile_number
from service.followup.problem import Refusal

#: What is longer was never one message of ours.
LONGEST = 2000

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
_HOST_ALONE = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}(?:[:/]\S*)?", re.IGNORECASE)
#: What telephones make of straight quotation marks, dashes and spaces.
_TYPOGRAPHY = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2026": "...", "\u00a0": " "}
)
_UNSEEN = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")


def fingerprints(pasted: str) -> tuple[str, ...]:
    """SHA-256 (hex) of each text that may have been sent, when this is what somebody copied of it.

    Line ends, spaces outside and at the ends of lines, letters that do not show and typographic marks differ between
    telephones; every other letter must be the same.
    """
    plain = "\n".join(line.rstrip() for line in _UNSEEN.sub("", pasted).splitlines()).strip()
    texts = dict.fromkeys((pasted, plain, plain.translate(_TYPOGRAPHY)))
    return tuple(hashlib.sha256(text.encode()).hexdigest() for text in texts)


def hosts_in(pasted: str) -> tuple[str, ...]:
    """The hosts of the links in it, small letters; also of an address that stands there alone, without https."""
    words = pasted.strip()
    found = _LINK.findall(words)
    if not found and _HOST_ALONE.fullmatch(words):
        found = [words]
    return tuple(dict.fromkeys(host for link in found if (host := _host(link))))


def number_alone(pasted: str, *, practice: bool) -> str | None:
    """The number in E.164 when that is all that was pasted; None otherwise."""
    words = pasted.strip()
    if not re.fullmatch(r"[+0-9][0-9 ().-]{5,24}", words):
        return None
    try:
        return mobile_number(words, practice)
    except Refusal:
        return "+" + re.sub(r"\D", "", words)


def _host(link: str) -> str:
    """Where a browser would go with it: a backslash is a slash to it, so what follows is no part of the host."""
    link = link.replace("\\", "/")
    try:
        return (urlsplit(link if "://" in link else f"https://{link}").hostname or "").rstrip(".")
    except ValueError:
        return ""
