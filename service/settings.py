"""The environment, read once: typed, with secrets from NAME or NAME_FILE, and refused early with everything that is wrong.

Every setting is one row of SETTINGS; docs/reference/settings.md is printed from it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from service.followup.warning_signs_file import read_added

KEYS_FILE: Final = "keys.env"
KEY_BYTES: Final = 32
#: A unix socket's name has at most 107 characters; "/s/.s.PGSQL.5432.lock" is the longest we add.
LONGEST_HOME: Final = 78
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Setting:
    """One name in the environment. `secret` ones are better given as NAME_FILE."""

    name: str
    meaning: str
    default: str = ""
    secret: bool = False


SETTINGS: Final = (
    Setting("DATABASE_URL", "PostgreSQL 15 or newer, `postgresql://user:password@host/database`", "the embedded server", True),
    Setting("REDIS_URL", "Valkey or Redis 7 or newer, with `appendonly yes` and `maxmemory-policy noeviction`", "the embedded server", True),
    Setting("PUBLIC_URL", "the address under which people reach the pages; personal links and webhook signatures use it", "http://localhost:PEIL_PORT"),
    Setting("SECRET_KEY", "signs cookies and makes personal links; at least 32 characters", "made at the first start, in keys.env", True),
    Setting("CONTACT_KEYS", "`id:base64 of 32 bytes`, separated by commas; the first encrypts, the others still decrypt", "made at the first start, in keys.env", True),
    Setting("LOOKUP_KEY", "base64 of 32 bytes; finds an address again; never changes", "made at the first start, in keys.env", True),
    Setting("TWILIO_ACCOUNT_SID", "account at Twilio, `AC...`; without it no SMS is sent"),
    Setting("TWILIO_AUTH_TOKEN", "its token; during a change of token the new and the old one, separated by a comma", "", True),
    Setting("TWILIO_FROM", "the number that messages come from, `+31...`; a name cannot receive replies and is refused"),
    Setting("TWILIO_MESSAGING_SERVICE_SID", "instead of TWILIO_FROM: `MG...`"),
    Setting("TWILIO_API_URL", "only to point at a stand-in for Twilio", "Twilio itself"),
    Setting("SMTP_URL", "`smtp://host:25`, `starttls://user:password@host:587` or `smtps://user:password@host:465`; without it no e-mail is sent", "", True),
    Setting("MAIL_FROM", "the address that e-mail comes from"),
    Setting("IMAP_URL", "the mailbox of MAIL_FROM, `imaps://user:password@host/folder`: answers to our mail and reports of mail that did not arrive; without it no mail asks for an answer", "", True),
    Setting("PEIL_HOME", "folder for the keys, the embedded servers' data, the log and backups", ".peil in the checkout"),
    Setting("PEIL_BIND", "the address the web process listens on", "127.0.0.1"),
    Setting("PEIL_PORT", "the port the web process listens on; the demonstration also uses the next three", "8000"),
    Setting("PEIL_DELIVERY_LEASE", "seconds a send may take before it is doubted", "60"),
    Setting("PEIL_DELIVERY_GRACE", "seconds to wait before the provider's look-up is believed", "60"),
    Setting("PEIL_PRACTICE_URL", "address of the pretend phone, set by the demonstration"),
    Setting("WARNING_SIGNS", "words and phrases that raise an alert beside those of `service/followup/warning_signs.yaml`: YAML with `suicide:` and `danger:`; best as WARNING_SIGNS_FILE"),
    Setting("PEIL_INSTRUMENTS", "folder with your own questionnaires, one YAML file each, beside those of Peil", "none"),
    Setting("PEIL_LOG", "`text` for people, `json` for a log collector", "text"),
)  # fmt: skip


class WrongSettings(Exception):
    """Everything that is wrong with the environment, one readable line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(f"  - {problem}" for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Twilio:
    """How SMS goes out. `sender` is a number or a messaging service; `api_url` is "" for Twilio itself."""

    account_sid: str
    auth_tokens: tuple[str, ...]
    sender: str
    api_url: str


@dataclass(frozen=True, slots=True)
class Mail:
    """How e-mail goes out, and the mailbox to which it is answered ("": nobody reads that)."""

    smtp_url: str
    sender: str
    imap_url: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where Peil keeps its files and listens; known before anything has been started. Empty URLs: embedded servers."""

    home: Path
    bind: str
    port: int
    public_url: str
    database_url: str
    redis_url: str
    json_log: bool
    instruments: Path | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets that make stored data readable. Losing them loses names and numbers for good."""

    secret_key: str
    contact_keys: Mapping[str, bytes]
    lookup_key: bytes


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the service may know of the outside. None: that channel sends nothing."""

    place: Place
    keys: Keys
    twilio: Twilio | None
    mail: Mail | None
    lease_seconds: int
    grace_seconds: int
    practice_url: str
    warning_signs: str = ""  # YAML: words and phrases that raise an alert, beside Peil's own

    @property
    def practice_numbers(self) -> bool:
        """Whether numbers that cannot exist are accepted: only while the SMS provider is a stand-in on this machine."""
        return self.twilio is not None and is_loopback(self.twilio.api_url)


def is_loopback(url: str) -> bool:
    """Whether an address points at this machine."""
    return urlsplit(url).hostname in LOOPBACK


class Reader:
    """Reads names, and remembers everything that is wrong."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """NAME, or the content of the file that NAME_FILE names."""
        path = self._environment.get(f"{name}_FILE", "").strip()
        if not path:
            return self._environment.get(name, "").strip() or default
        if self._environment.get(name, "").strip():
            self.problems.append(f"{name} and {name}_FILE are both set. Keep one of them.")
        try:
            return Path(path).read_text("utf-8").strip()
        except OSError as error:
            self.problems.append(f"{name}_FILE: {path} cannot be read ({error.strerror}).")
            return default

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        raw = self.text(name, str(default))
        if raw.isascii() and raw.isdigit() and least <= int(raw) <= most:
            return int(raw)
        self.problems.append(f"{name} is {raw!r}; it must be a whole number from {least} to {most}.")
        return default

    def url(self, name: str, schemes: tuple[str, ...], default: str = "") -> str:
        """An address with one of these schemes. The value itself is not repeated: it may hold a password."""
        raw = self.text(name, default)
        if raw and urlsplit(raw).scheme not in schemes:
            self.problems.append(f"{name} must start with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
        return raw

    def key(self, name: str, raw: str) -> bytes:
        """A key of 32 bytes from base64."""
        try:
            value = base64.b64decode(raw, validate=True)
        except binascii.Error:
            value = b""
        if len(value) != KEY_BYTES:
            self.problems.append(
                f"{name} must be base64 of exactly {KEY_BYTES} bytes (make one: openssl rand -base64 32)."
            )
        return value

    def finish(self) -> None:
        """Raises WrongSettings when anything was wrong."""
        if self.problems:
            raise WrongSettings(self.problems)


def enterable(folder: Path) -> bool:
    """Whether every user may pass through this folder and all above it, as far as they exist."""
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents) if part.exists())


def default_home(folder: Path) -> Path:
    """Where files go when PEIL_HOME does not say: `.peil` here, unless that cannot work.

    As root PostgreSQL runs as another user, so a checkout that only root may enter will not do; nor will one with a very
    long path (unix sockets), nor one that we may not write to. The replacement is always the same for the same checkout.
    """
    here = folder / ".peil"
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:8]
    if os.geteuid() == 0:
        return here if enterable(folder) and len(str(here)) <= LONGEST_HOME - 10 else Path(f"/var/lib/peil-{digest}")
    if len(str(here)) <= LONGEST_HOME - 10 and os.access(folder, os.W_OK):
        return here
    own = Path(os.environ.get("HOME", "/nonexistent")) / f".peil-{digest}"
    if len(str(own)) <= LONGEST_HOME - 10 and os.access(own.parent, os.W_OK):
        return own
    return Path(tempfile.gettempdir()) / f"peil-{os.geteuid()}-{digest}"


def read_place(environment: Mapping[str, str] | None = None) -> Place:
    """What must be known before anything starts. Raises WrongSettings."""
    reader = Reader(os.environ if environment is None else environment)
    place = _place(reader)
    reader.finish()
    return place


def _place(reader: Reader) -> Place:
    given = reader.text("PEIL_HOME")
    home = Path(given).absolute() if given else default_home(Path.cwd())
    if len(str(home)) > LONGEST_HOME:
        reader.problems.append(
            f"PEIL_HOME is longer than {LONGEST_HOME} characters, too long for sockets. Choose a shorter one."
        )
    if given and os.geteuid() == 0 and not reader.text("DATABASE_URL") and not enterable(home.parent):
        reader.problems.append(
            f"PEIL_HOME ({home}) lies where only root may enter, and PostgreSQL runs as another user. Choose one under /var/lib."
        )
    port = reader.number("PEIL_PORT", 8000, 1, 65532)
    log = reader.text("PEIL_LOG", "text")
    if log not in ("text", "json"):
        reader.problems.append(f"PEIL_LOG is {log!r}; it must be text or json.")
    instruments = reader.text("PEIL_INSTRUMENTS")
    if instruments and not Path(instruments).is_dir():
        reader.problems.append(f"PEIL_INSTRUMENTS: {instruments} is not a folder. Make it, or mend the path.")
    return Place(
        home=home,
        bind=reader.text("PEIL_BIND", "127.0.0.1"),
        port=port,
        public_url=reader.url("PUBLIC_URL", ("http", "https"), f"http://localhost:{port}").rstrip("/"),
        database_url=reader.url("DATABASE_URL", ("postgresql", "postgres", "postgresql+psycopg")),
        redis_url=reader.url("REDIS_URL", ("redis", "rediss", "redis+socket")),
        json_log=log == "json",
        instruments=Path(instruments) if instruments else None,
    )


def _twilio(reader: Reader) -> Twilio | None:
    account = reader.text("TWILIO_ACCOUNT_SID")
    tokens = tuple(part.strip() for part in reader.text("TWILIO_AUTH_TOKEN").split(",") if part.strip())
    number, service = reader.text("TWILIO_FROM").replace(" ", ""), reader.text("TWILIO_MESSAGING_SERVICE_SID")
    api_url = reader.url("TWILIO_API_URL", ("http", "https"))
    if not any((account, tokens, number, service)):
        return None
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", account):
        reader.problems.append("TWILIO_ACCOUNT_SID must be AC and 32 hexadecimal digits, as Twilio's console shows it.")
    if not tokens:
        reader.problems.append("TWILIO_AUTH_TOKEN is missing; without it replies cannot be told from forgeries.")
    if bool(number) == bool(service):
        reader.problems.append(
            "Set one of TWILIO_FROM (a number) and TWILIO_MESSAGING_SERVICE_SID, not both and not neither."
        )
    if number and not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        reader.problems.append(
            "TWILIO_FROM must be a number such as +31600000000: people cannot answer a name, and Peil needs their answers."
        )
    if service and not re.fullmatch(r"MG[0-9a-fA-F]{32}", service):
        reader.problems.append("TWILIO_MESSAGING_SERVICE_SID must be MG and 32 hexadecimal digits.")
    return Twilio(account, tokens, number or service, api_url)


def _mail(reader: Reader) -> Mail | None:
    smtp_url, sender = reader.url("SMTP_URL", ("smtp", "starttls", "smtps")), reader.text("MAIL_FROM")
    imap_url = _imap(reader)
    if not smtp_url:
        if imap_url:
            reader.problems.append("IMAP_URL is set without SMTP_URL: whoever answers a mail gets an answer by mail.")
        return None
    if "@" not in sender:
        reader.problems.append("MAIL_FROM must be an e-mail address: SMTP_URL is set, and every e-mail needs a sender.")
    return Mail(smtp_url, sender, imap_url)


def _imap(reader: Reader) -> str:
    imap_url = reader.url("IMAP_URL", ("imap", "imaps"))
    parts = urlsplit(imap_url)
    if imap_url and not (parts.hostname and parts.username and parts.password):
        reader.problems.append("IMAP_URL must name a user, a password and a host: imaps://user:password@host.")
    elif parts.scheme == "imap" and not is_loopback(imap_url):
        reader.problems.append("IMAP_URL must be imaps:// for a mailbox on another machine: its mail is confidential.")
    return imap_url


def _warning_signs(reader: Reader) -> str:
    added = reader.text("WARNING_SIGNS")
    reader.problems += [f"WARNING_SIGNS: {problem}" for problem in read_added(added)[1]]
    return added


def _keys(reader: Reader, home: Path) -> Keys:
    cure = f"Set it, restore {home / KEYS_FILE} from your backup, or run `peil run` once to make new ones for an empty service."
    secret, raw_contact, raw_lookup = (reader.text(name) for name in ("SECRET_KEY", "CONTACT_KEYS", "LOOKUP_KEY"))
    for name, value in (("SECRET_KEY", secret), ("CONTACT_KEYS", raw_contact), ("LOOKUP_KEY", raw_lookup)):
        if not value:
            reader.problems.append(f"{name} is missing. {cure}")
    if secret and len(secret) < KEY_BYTES:
        reader.problems.append(f"SECRET_KEY must have at least {KEY_BYTES} characters.")
    contact: dict[str, bytes] = {}
    for part in raw_contact.split(",") if raw_contact else ():
        key_id, colon, raw = part.strip().partition(":")
        if not colon or not re.fullmatch(r"[A-Za-z0-9_-]{1,16}", key_id) or key_id in contact:
            reader.problems.append("CONTACT_KEYS must look like k1:base64,k2:base64 with every id once.")
            break
        contact[key_id] = reader.key(f"CONTACT_KEYS ({key_id})", raw)
    return Keys(secret, MappingProxyType(contact), reader.key("LOOKUP_KEY", raw_lookup) if raw_lookup else b"")


def with_keys_file(environment: Mapping[str, str], home: Path) -> Mapping[str, str]:
    """The environment, completed with the keys that the first start wrote. What is set outside wins."""
    path = home / KEYS_FILE
    if not path.exists():
        return environment
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise WrongSettings(
            [f"{path} cannot be read ({error.strerror}). It belongs to the user that runs Peil."]
        ) from error
    pairs = (line.partition("=") for line in lines if line.strip() and not line.startswith("#"))
    kept = {name.strip(): value.strip() for name, _, value in pairs}
    return {
        **{n: v for n, v in kept.items() if f"{n}_FILE" not in environment},
        **{n: v for n, v in environment.items() if v},
    }


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """All settings. Raises WrongSettings with everything that is wrong, not only the first."""
    given = os.environ if environment is None else environment
    first = Reader(given)
    home = _place(first).home
    reader = Reader(with_keys_file(given, home))
    settings = Settings(
        place=_place(reader),
        keys=_keys(reader, home),
        twilio=_twilio(reader),
        mail=_mail(reader),
        lease_seconds=reader.number("PEIL_DELIVERY_LEASE", 60, 1, 600),
        grace_seconds=reader.number("PEIL_DELIVERY_GRACE", 60, 1, 3600),
        practice_url=reader.url("PEIL_PRACTICE_URL", ("http", "https")),
        warning_signs=_warning_signs(reader),
    )
    reader.finish()
    return settings


def environment_with(values: Mapping[str, str | None]) -> dict[str, str]:
    """The environment for a child process: ours, with these values set, or taken away (None), with their _FILE forms."""
    kept = {n: v for n, v in os.environ.items() if n not in values and n.removesuffix("_FILE") not in values}
    return kept | {name: value for name, value in values.items() if value is not None}


def make_keys(home: Path, random_bytes: Callable[[int], bytes] = os.urandom) -> Path | None:
    """At the first start: write new keys to a file that only this user may read. None when there are keys already.

    Keys that stand in the environment are left alone; a half-given set is refused later by read_settings.
    """
    path = home / KEYS_FILE
    if path.exists() or any(
        os.environ.get(n) or os.environ.get(f"{n}_FILE") for n in ("CONTACT_KEYS", "LOOKUP_KEY", "SECRET_KEY")
    ):
        return None

    def fresh() -> str:
        return base64.b64encode(random_bytes(KEY_BYTES)).decode()

    body = (
        "# Keys of this installation of Peil. BACK THIS FILE UP, apart from the database:\n"
        "# without it the names, numbers and addresses of participants are gone for good.\n"
        f"SECRET_KEY={fresh()}\nCONTACT_KEYS=k1:{fresh()}\nLOOKUP_KEY={fresh()}\n"
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(body)
    return path
