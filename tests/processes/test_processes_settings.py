"""The environment: complete, or refused with everything that is wrong."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from service.settings import WrongSettings, default_home, make_keys, read_settings

KEY = base64.b64encode(b"k" * 32).decode()
KEYS = {"SECRET_KEY": "s" * 40, "CONTACT_KEYS": f"k1:{KEY}", "LOOKUP_KEY": KEY}
TWILIO = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "token", "TWILIO_FROM": "+31600009999"}


def wrong(environment: dict[str, str]) -> str:
    with pytest.raises(WrongSettings) as caught:
        read_settings(environment)
    return str(caught.value)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Elsewhere than the checkout, with another database so that the folder may be private."""
    return {"PEIL_HOME": "/tmp/peil-settings-none", "DATABASE_URL": "postgresql://x@/x"}


def test_without_channels_nothing_is_sent_and_practice_numbers_are_refused(home: dict[str, str]) -> None:
    settings = read_settings({**home, **KEYS})
    assert settings.twilio is None
    assert settings.mail is None
    assert not settings.practice_numbers


@pytest.mark.parametrize(
    ("url", "practice"),
    [("", False), ("https://api.twilio.com", False), ("http://127.0.0.1:8001", True), ("http://localhost:8001", True),
     ("http://127.0.0.1.example.org", False)],
)  # fmt: skip
def test_practice_numbers_only_while_the_provider_is_on_this_machine(
    home: dict[str, str], url: str, practice: bool
) -> None:
    assert read_settings({**home, **KEYS, **TWILIO, "TWILIO_API_URL": url}).practice_numbers is practice


def test_a_name_as_sender_is_refused_because_nobody_can_answer_it(home: dict[str, str]) -> None:
    assert "cannot answer a name" in wrong({**home, **KEYS, **TWILIO, "TWILIO_FROM": "GEMEENTE"})


def test_everything_that_is_wrong_is_said_at_once(home: dict[str, str]) -> None:
    said = wrong(
        {
            **home,
            **KEYS,
            "PEIL_PORT": "many",
            "LOOKUP_KEY": "short",
            "SMTP_URL": "mail.example",
            "PUBLIC_URL": "example",
        }
    )
    for name in ("PEIL_PORT", "LOOKUP_KEY", "SMTP_URL", "PUBLIC_URL"):
        assert name in said


def test_no_secret_is_repeated_in_a_complaint(home: dict[str, str]) -> None:
    assert "hunter2" not in wrong({**home, **KEYS, "SMTP_URL": "mail://me:hunter2@host", "LOOKUP_KEY": "hunter2"})


def test_a_secret_may_come_from_a_file(home: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("f" * 40 + "\n")
    environment = {**home, **KEYS, "SECRET_KEY_FILE": str(file)}
    del environment["SECRET_KEY"]
    assert read_settings(environment).keys.secret_key == "f" * 40
    assert "both set" in wrong({**environment, "SECRET_KEY": "s" * 40})
    assert "cannot be read" in wrong({**environment, "SECRET_KEY_FILE": str(tmp_path / "gone")})


def test_the_first_start_writes_keys_that_only_we_may_read_and_keeps_them(tmp_path: Path) -> None:
    made = make_keys(tmp_path)
    assert made is not None
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert "BACK THIS FILE UP" in made.read_text()
    assert make_keys(tmp_path) is None
    environment = {"PEIL_HOME": str(tmp_path), "DATABASE_URL": "postgresql://x@/x"}
    first = read_settings(environment).keys
    assert list(first.contact_keys) == ["k1"]
    assert read_settings(environment).keys == first


def test_missing_keys_say_where_they_should_be(home: dict[str, str]) -> None:
    assert "keys.env" in wrong(home)


def test_a_very_long_path_gets_another_home() -> None:
    assert len(str(default_home(Path("/tmp") / ("x" * 120)))) < 100


def test_the_mailbox_is_read_with_tls_or_on_this_machine(home: dict[str, str]) -> None:
    mail = {**home, **KEYS, "SMTP_URL": "smtp://localhost", "MAIL_FROM": "peil@peil.example"}
    for url in ("imaps://peil:hunter2@mail.example", "imap://peil:hunter2@127.0.0.1:1143"):
        settings = read_settings({**mail, "IMAP_URL": url})
        assert settings.mail is not None
        assert settings.mail.imap_url == url
    for url, said in (
        ("imap://peil:hunter2@mail.example", "must be imaps://"),
        ("imaps://mail.example", "must name a user"),
        ("pop3://peil:hunter2@mail.example", "must start with imap://"),
    ):
        assert said in wrong({**mail, "IMAP_URL": url})
        assert "hunter2" not in wrong({**mail, "IMAP_URL": url})
    alone = {**home, **KEYS, "IMAP_URL": "imaps://peil:hunter2@mail.example"}
    assert "without SMTP_URL" in wrong(alone)
