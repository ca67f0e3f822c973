"""The composition root: Settings -> Services. The only module that knows concrete providers; it owns the one clock."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.channels.base import Channel, Inbox, Webhooks
from service.channels.email_inbox import ImapInbox
from service.channels.email_smtp import SmtpChannel
from service.channels.memory import MemoryChannel, MemoryWebhooks
from service.channels.silent import SilentChannel, SilentInbox
from service.channels.sms_twilio import TwilioChannel, TwilioWebhooks
from service.followup.warning_signs import WarningSigns
from service.followup.warning_signs_file import read_warning_signs
from service.measures.instrument import Instrument
from service.measures.instrument_file import BadInstrument, read_instruments
from service.messages.catalogue import read_catalogue
from service.messages.links import Links
from service.messages.render import Render
from service.settings import Settings, WrongSettings
from service.store.session import Transaction, make_engine, make_transaction
from service.store.vault import Vault
from service.usecases.services import DeliveryTimes, Services

#: No 0, O, 1, I, L or U: a pseudonym is read aloud and written down.
PSEUDONYM_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
UNREACHABLE = "postgresql://peil@127.0.0.1:1/peil"  # for checks that need no database


def utc_now() -> datetime:
    """The one clock."""
    return datetime.now(UTC)


class SystemTokens:
    """Chance from the operating system."""

    def __init__(self) -> None:
        words = (resources.files("service.messages") / "recognition_words.txt").read_text("utf-8")
        self._words = tuple(words.split())

    def secret(self) -> str:
        """256 bits, safe in an address."""
        return secrets.token_urlsafe(32)

    def pseudonym(self) -> str:
        """Such as P7K4-2MQ9: seven letters and digits of chance."""
        letters = "".join(secrets.choice(PSEUDONYM_LETTERS) for _ in range(7))
        return f"P{letters[:3]}-{letters[3:]}"

    def recognition_word(self) -> str:
        """A plain Dutch noun."""
        return secrets.choice(self._words)


class Argon2Passwords:
    """Argon2id with the library's own parameters."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()

    def hash(self, password: str) -> str:
        """What may be stored."""
        return self._hasher.hash(password)

    def matches(self, stored: str, password: str) -> bool:
        """Whether this password made what is stored."""
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def load_instruments(folder: Path | None = None) -> Mapping[str, Instrument]:
    """The instruments that ship with Peil, and those in this folder, by key. A child (djg6) is read after its parent.

    Raises WrongSettings with every problem of every file in the folder, each with its line.
    """
    shipped = resources.files("service.measures") / "instruments"
    known = read_instruments({p.name: p.read_text("utf-8") for p in shipped.iterdir() if p.name.endswith(".yaml")}, {})
    if folder is None:
        return known
    try:
        own = {path.name: path.read_text("utf-8-sig") for path in sorted(folder.glob("*.yaml"))}
        return {**known, **read_instruments(own, known)}
    except (OSError, UnicodeDecodeError) as wrong:
        raise WrongSettings(
            [f"PEIL_INSTRUMENTS: a file in {folder} cannot be read as UTF-8 text ({wrong})."]
        ) from wrong
    except BadInstrument as bad:
        raise WrongSettings([f"PEIL_INSTRUMENTS: {problem}" for problem in str(bad).splitlines()]) from bad


def load_signs(more: str = "") -> WarningSigns:
    """The words that raise an alert, with what this installation adds. Raises SignsUnreadable."""
    text = (resources.files("service.followup") / "warning_signs.yaml").read_text("utf-8")
    return read_warning_signs(text, more)


def load_render() -> Render:
    """Every text, checked: complete in every language, or the service does not start."""
    folder = resources.files("service.messages") / "texts"
    files = {
        f"{language.name}/{path.name}": path.read_text("utf-8")
        for language in folder.iterdir()
        if language.is_dir()
        for path in language.iterdir()
        if path.is_file()
    }
    return Render(read_catalogue(files))


def _sms(settings: Settings) -> tuple[Channel, Webhooks]:
    """The SMS channel and the reader of its webhooks; without settings nothing is sent and every webhook is forged."""
    public_url, twilio = settings.place.public_url, settings.twilio
    if twilio is None:
        return SilentChannel("sms"), TwilioWebhooks("", (), public_url)
    channel = TwilioChannel(
        twilio.account_sid, twilio.auth_tokens[0], twilio.sender, twilio.api_url or None, public_url
    )  # fmt: skip
    return channel, TwilioWebhooks(twilio.account_sid, twilio.auth_tokens, public_url)


def _inbox(settings: Settings) -> Inbox:
    """The mailbox to which mail is answered; without settings nothing comes in."""
    return ImapInbox(settings.mail.imap_url) if settings.mail and settings.mail.imap_url else SilentInbox()


def _services(
    settings: Settings,
    transaction: Transaction,
    now: Callable[[], datetime],
    sms: Channel,
    email: Channel,
    inbox: Inbox,
    webhooks: Webhooks,
) -> Services:
    return Services(
        transaction=transaction,
        now=now,
        vault=Vault(settings.keys.contact_keys, settings.keys.lookup_key),
        tokens=SystemTokens(),
        passwords=Argon2Passwords(),
        sms=sms,
        email=email,
        inbox=inbox,
        webhooks=webhooks,
        render=load_render(),
        links=Links(settings.keys.secret_key.encode(), settings.place.public_url),
        instruments=load_instruments(settings.place.instruments),
        signs=load_signs(settings.warning_signs),
        practice_numbers=settings.practice_numbers,
        delivery=DeliveryTimes(timedelta(seconds=settings.lease_seconds), timedelta(seconds=settings.grace_seconds)),
        sms_sender=settings.twilio.sender if settings.twilio else "",
    )


def build(settings: Settings, *, pool_size: int = 8) -> Services:
    """The service as it runs. `pool_size` 0 keeps no connection open: for commands, which end."""
    sms, webhooks = _sms(settings)
    email: Channel = (
        SmtpChannel(settings.mail.smtp_url, settings.mail.sender) if settings.mail else SilentChannel("email")
    )
    engine = make_engine(settings.place.database_url or UNREACHABLE, pool_size=pool_size)
    return _services(settings, make_transaction(engine), utc_now, sms, email, _inbox(settings), webhooks)


def build_history(settings: Settings) -> Callable[[Callable[[], datetime]], Services]:
    """For the demonstration: the same database, keys and rules at any moment, with channels that only remember."""
    transaction = make_transaction(make_engine(settings.place.database_url or UNREACHABLE, hurried=True))

    def services_at(now: Callable[[], datetime]) -> Services:
        return _services(
            settings, transaction, now, MemoryChannel("sms"), MemoryChannel("email"), SilentInbox(), MemoryWebhooks()
        )

    return services_at


def configure_logs(*, json: bool) -> None:
    """One line per event on standard error: `key=value`, or JSON for a collector. Events carry ids only.

    Libraries speak from WARNING on: the SDKs' lower levels hold addresses and words.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "logger", "event"])
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a busy moment is no fault
    for name in ("peil", "service"):
        logging.getLogger(name).setLevel(logging.INFO)
