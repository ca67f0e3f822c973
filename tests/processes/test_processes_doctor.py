"""What `peil doctor` says of the mailbox."""

from __future__ import annotations

from service.channels.email_inbox import ImapInbox
from service.channels.silent import SilentInbox
from service.commands.doctor import examine_mailbox
from tests.channels.post_office import mailbox


def test_doctor_says_whether_the_mailbox_can_be_read() -> None:
    assert examine_mailbox(SilentInbox()).well
    with mailbox() as post:
        assert examine_mailbox(ImapInbox(post.url)).state == "can be read"
        wrong = examine_mailbox(ImapInbox(post.url.replace("geheim", "fout")))
        assert not wrong.well
        assert "geheim" not in wrong.state + wrong.cure
        url = post.url
    away = examine_mailbox(ImapInbox(url))
    assert not away.well
    assert "IMAP_URL" in away.cure
