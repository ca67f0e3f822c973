"""Whatever may be posted as a reply: made by chance from a fixed seed, signed as the provider signs."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from service.channels.sms_twilio import Fields

BASE = "https://peil.example"
PATH = "/webhooks/twilio/sms"
ACCOUNT = "AC" + "0" * 32
FORM = "application/x-www-form-urlencoded"
NAMES = ("MessageSid", "From", "To", "Body", "AccountSid")
WORDS = (
    "ja", "nee", "1", "2", "3", "min of meer", "later", "bel", "HULP", "fout", "pauze 2 weken", "kom niet", "soms", "JA!",
    "weet niet", "mijn man is ziek", "1 en 2", "ik ben Wil", "start", "mijn deelname", "afmelden", "laat me met rust",
)  # fmt: skip
NASTY = (
    "", " ", "\x00", "a\x00b", "\x00STOP", "\x1b[31m", "\r\n\r\n", "\u200b\u200c\u200d", "\u202eneej", "\ufeffja", "١٢٣",
    "نعم", "是", "👍🏽", "👩‍👩‍👧‍👦", "e\u0301" * 40, "Z̸̨̛a̷l̶g̸o̴" * 9, "'; drop table reply; --", "<script>alert(1)</script>",
    "{{7*7}}", "%s%n%x", "${jndi:ldap://x}", "../../etc/passwd", "null", "None", "NaN", "1e309", "-0", "٠", "½", "²",
    "\ud7ff", "\ue000", "\uffff", "\U0010ffff", "\u2028", "\x85", "\x7f", "a" * 1600, "ja " * 500, "😀" * 400, "1" * 1600,
    "\t1\t", "１", "+1", "＝1", "J\u0307A", "ʲᵃ", "\u00adja", "ß" * 30, "İ" * 20, "ﷺ" * 40, "\U000e0001ja",
)  # fmt: skip


@dataclass
class Heard:
    """What was posted and what came back."""

    taken: set[str] = field(default_factory=set)  # ids that were answered 2xx
    statuses: Counter[int] = field(default_factory=Counter)
    refused_well: int = 0  # what is no message, and was refused as such
    wrong: list[tuple[str, int]] = field(default_factory=list)  # (what was posted, status): must stay empty


def sid(number: int) -> str:
    return f"SM{number:032x}"


def texts(chance: random.Random) -> Iterator[str]:
    """Texts without end: words that mean something, what is known to break programs, and letters by chance."""
    while True:
        kind = chance.randrange(5)
        if kind == 0:
            yield chance.choice(WORDS)
        elif kind == 1:
            yield chance.choice(NASTY)
        elif kind == 2:
            yield chance.choice(WORDS) + chance.choice(NASTY)[:200] + chance.choice(WORDS)
        else:
            top = chance.choice((0x7F, 0xFF, 0x7FF, 0xFFFF, 0x10FFFF))
            letters = (chance.randint(0, top) for _ in range(chance.choice((1, 2, 5, 30, 160, 600))))
            yield "".join(chr(one) for one in letters if not 0xD800 <= one <= 0xDFFF)


def post_noise(client: FlaskClient, count: int, numbers: list[str], seed: int = 20261124) -> Heard:
    """Post so many replies and broken posts by turns, and keep what came back."""
    chance, heard = random.Random(seed), Heard()
    words = texts(chance)
    for number in range(count):
        fields = {
            "AccountSid": ACCOUNT, "MessageSid": sid(number), "From": chance.choice(numbers), "To": "+3197000000000",
            "Body": next(words),
        }  # fmt: skip
        if chance.randrange(10):
            _post_whole(client, fields, heard, again=chance.randrange(20) == 0)
        else:
            _post_broken(client, fields, heard, chance)
    return heard


def _send(client: FlaskClient, body: bytes, signature: str, kind: str = FORM) -> int:
    answer = client.post(PATH, data=body, content_type=kind, headers={"X-Twilio-Signature": signature})
    return answer.status_code


def _signature(fields: Mapping[str, Sequence[str]]) -> str:
    """As the provider makes it, also over a field that stands there twice."""
    signed = Fields({name: list(values) for name, values in fields.items()})
    return str(RequestValidator("auth-token").compute_signature(BASE + PATH, signed))


def _once(fields: Mapping[str, str]) -> str:
    return _signature({name: [value] for name, value in fields.items()})


def _encoded(pairs: Iterable[tuple[str, bytes]]) -> bytes:
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs).encode()


def _bytes(fields: Mapping[str, str]) -> list[tuple[str, bytes]]:
    return [(name, value.encode()) for name, value in fields.items()]


def _post_whole(client: FlaskClient, fields: dict[str, str], heard: Heard, *, again: bool) -> None:
    body = _encoded(_bytes(fields))
    for _ in range(2 if again else 1):
        status = _send(client, body, _once(fields))
        heard.statuses[status] += 1
        if status != 204:
            heard.wrong.append((f"whole {fields['MessageSid']} {fields['Body'][:40]!a}", status))
    heard.taken.add(fields["MessageSid"])


@dataclass(frozen=True)
class Broken:
    """A post that is no whole message."""

    body: bytes
    signature: str
    kind: str = FORM
    may_be_taken: bool = False


def _missing(fields: dict[str, str], chance: random.Random) -> Broken:
    gone = chance.choice(NAMES)
    rest = {name: value for name, value in fields.items() if name != gone}
    return Broken(_encoded(_bytes(rest)), _once(rest))


def _doubled(fields: dict[str, str], chance: random.Random) -> Broken:
    twice = chance.choice(NAMES)
    signed = {name: [value, "1"] if name == twice else [value] for name, value in fields.items()}
    return Broken(_encoded([*_bytes(fields), (twice, b"1")]), _signature(signed))


def _of_another_form(fields: dict[str, str], chance: random.Random) -> Broken:
    changed = fields | {chance.choice(["MessageSid", "From", "To", "AccountSid"]): f"x{next(texts(chance))}"}
    return Broken(_encoded(_bytes(changed)), _once(changed))


def _forged(fields: dict[str, str], chance: random.Random) -> Broken:
    right = _once(fields)
    return Broken(_encoded(_bytes(fields)), chance.choice(["", "x", "caf\xe9", right[:-3] + "AA=", "A" * 5000]))


def _encoded_otherwise(fields: dict[str, str], chance: random.Random) -> Broken:
    """Latin-1, UTF-16, half a letter, a lone surrogate: signed over what the web framework makes of it, so taken."""
    raw = chance.choice([b"caf\xe9", "ja".encode("utf-16"), b"\xf0\x9f\x98", b"\xed\xa0\x80", b"\xc0\x80", b"\xff1"])
    pairs = [(name, raw if name == "Body" else value) for name, value in _bytes(fields)]
    return Broken(
        _encoded(pairs), _once(fields | {"Body": raw.decode("utf-8", "werkzeug.url_quote")}), may_be_taken=True
    )


def _no_form(fields: dict[str, str], chance: random.Random) -> Broken:
    kinds = ["application/json", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data", ""]
    return Broken(_encoded(_bytes(fields)), _once(fields), chance.choice(kinds))


def _cut_off(fields: dict[str, str], chance: random.Random) -> Broken:
    return Broken(_encoded(_bytes(fields)[: chance.randrange(len(fields))]), _once(fields))


def _too_large(fields: dict[str, str], chance: random.Random) -> Broken:
    return Broken(_encoded([*_bytes(fields), ("Extra", b"a" * chance.randint(70_000, 90_000))]), _once(fields))


BREAK = (_missing, _doubled, _of_another_form, _forged, _encoded_otherwise, _no_form, _cut_off, _too_large)


def _post_broken(client: FlaskClient, fields: dict[str, str], heard: Heard, chance: random.Random) -> None:
    """Something that is no whole message: refused with 4xx, never 5xx. Bytes of another encoding are taken."""
    how = chance.choice(BREAK)
    broken = how(fields, chance)
    status = _send(client, broken.body, broken.signature, broken.kind)
    heard.statuses[status] += 1
    if broken.may_be_taken and status == 204:
        heard.taken.add(fields["MessageSid"])
    elif 400 <= status < 500 and not broken.may_be_taken:
        heard.refused_well += 1
    else:
        heard.wrong.append((f"{how.__name__} {fields['MessageSid']}", status))
