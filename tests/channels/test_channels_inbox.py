"""The mailbox on a real IMAP server: what is read, what is marked, and every way in which it can be away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from service.channels.base import MailboxDown
from service.channels.email_inbox import ImapInbox, Mailbox
from tests.channels.post_office import mailbox
from tests.simulator.practice import bound


def mail(number: int = 1, text: str = "2") -> EmailMessage:
    found = EmailMessage()
    found["From"], found["Message-ID"] = "wil@voorbeeld.invalid", f"<m{number}@voorbeeld.invalid>"
    found["Subject"], found["In-Reply-To"] = "Re: Vraag", "<ours@peil.example>"
    found.set_content(text)
    return found


def test_mail_is_read_in_order_and_only_marking_takes_it_away() -> None:
    with mailbox() as post:
        inbox = ImapInbox(post.url)
        assert inbox.unread(10) == ()
        for number in (1, 2, 3):
            post.put(mail(number, f"{number}"))
        first = inbox.unread(2)
        assert [one.text for one in first] == ["1", "2"]
        assert first[0].references == ("ours@peil.example",)
        assert first[0].arrived_at is not None
        assert inbox.unread(2) == first
        inbox.mark([one.uid for one in first])
        assert [one.text for one in inbox.unread(10)] == ["3"]
        inbox.mark([inbox.unread(1)[0].uid], failed=True)
        assert inbox.unread(10) == ()
        assert "\\Flagged" in post.flags()[2]
        inbox.mark([])


def test_of_a_very_long_mail_the_beginning_is_read() -> None:
    with mailbox() as post:
        post.put(mail(1, "2\n\n> " + "x" * 70 + "\n" * 3 + ("> " + "y" * 70 + "\n") * 9000))
        (found,) = ImapInbox(post.url).unread(5)
        assert found.text == "2"


def test_a_mailbox_that_is_away_says_so_and_names_nobody() -> None:
    with mailbox() as post:
        url = post.url
        ImapInbox(url).check()
        wrong = url.replace("een%20geheim", "een%20ander")
        with pytest.raises(MailboxDown, match="MailboxLoginError"):
            ImapInbox(wrong).check()
        with pytest.raises(MailboxDown, match="MailboxFolderSelectError"):
            ImapInbox(url + "/Bestaat-niet").unread(1)
    calls: tuple[Callable[[ImapInbox], object], ...] = (
        ImapInbox.check,
        lambda box: box.unread(1),
        lambda box: box.mark(["1"]),
    )
    for call in calls:
        with pytest.raises(MailboxDown):
            call(ImapInbox(url))


def test_something_that_is_silent_is_left_in_time() -> None:
    place, port = bound()
    place.listen()
    with pytest.raises(MailboxDown, match="TimeoutError"):
        ImapInbox(f"imap://a:b@127.0.0.1:{port}", seconds=0.2).check()
    place.close()


def test_the_address_of_a_mailbox() -> None:
    assert Mailbox.from_url("imaps://a%40b:c%2Fd@mail.invalid/In%20box") == Mailbox(
        "imaps", "mail.invalid", 993, "a@b", "c/d", "In box"
    )
    for wrong in ("pop://a:b@c", "imaps://c", "imaps://a@c", "imaps:///x"):
        with pytest.raises(ValueError, match="IMAP_URL must look like") as refused:
            Mailbox.from_url(wrong)
        assert urlsplit(wrong).netloc not in str(refused.value) or not urlsplit(wrong).netloc


def test_a_server_that_keeps_marks_gets_our_own_and_seen_means_nothing_to_us() -> None:
    """Most servers do; the one of these tests does not. This one says only what RFC 3501 makes it say."""
    place, port = bound()
    place.listen()
    heard: list[bytes] = []
    says = {
        b"SELECT": b"* 1 EXISTS\r\n* OK [PERMANENTFLAGS (\\Seen \\Flagged \\*)] Limited\r\n* OK [UIDVALIDITY 7] x\r\n",
        b"STATUS": b"* STATUS INBOX (UIDVALIDITY 7)\r\n",
        b"UID SEARCH": b"* SEARCH 12 3\r\n",
        b"UID FETCH": b'* 1 FETCH (UID 3 INTERNALDATE " 2-Mar-2026 10:30:00 +0100" BODY[]<0> {5}\r\n\r\nja!)\r\n',
        b"LOGOUT": b"* BYE\r\n",
    }

    def serve() -> None:
        for _ in range(2):
            line, _ = place.accept()
            with line, line.makefile("rwb", buffering=0) as talk:
                talk.write(b"* OK ready\r\n")
                for words in iter(talk.readline, b""):
                    tag, _, command = words.strip().partition(b" ")
                    heard.append(command)
                    answer = next((text for name, text in says.items() if command.upper().startswith(name)), b"")
                    talk.write(
                        (b"* CAPABILITY IMAP4rev1\r\n" if command == b"CAPABILITY" else answer) + tag + b" OK done\r\n"
                    )

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    inbox = ImapInbox(f"imap://a:b@127.0.0.1:{port}")
    (found,) = inbox.unread(1)
    assert (found.uid, found.provider_id, found.text) == ("3", "7:3", "ja!")
    assert found.arrived_at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    inbox.mark(["3", "12"], failed=True)
    thread.join(5)
    place.close()
    assert b"UID SEARCH CHARSET US-ASCII UNKEYWORD PeilDone" in heard
    assert b"UID STORE 3,12 +FLAGS (PeilDone \\Flagged)" in heard
    assert any(b"BODY.PEEK" in one for one in heard)
