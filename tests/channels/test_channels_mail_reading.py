"""What a mail is, and what was written in it: as programs and telephones really send them."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from service.channels.base import InboundMail, MailKind
from service.channels.mail_reading import read_mail
from service.channels.mail_words import from_html, written

OURS = "6f1c2a3b-0000-4000-8000-0123456789ab@peil.example"


def letter(text: str = "2", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Wil de Boer <Wil@voorbeeld.invalid>", "peil@peil.example"
    mail["Subject"], mail["Message-ID"] = "Re: Vraag 2 van 6, van Welzijn", "<wil-1@voorbeeld.invalid>"
    mail["In-Reply-To"], mail["References"] = f"<{OURS}>", f"<first@peil.example> <{OURS}>"
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def read(mail: EmailMessage | bytes) -> InboundMail:
    return read_mail("7", "42", mail if isinstance(mail, bytes) else mail.as_bytes())


def test_a_reply() -> None:
    found = read(letter())
    assert found == InboundMail(
        "7", "wil-1@voorbeeld.invalid", MailKind.REPLY, "Wil@voorbeeld.invalid", "Re: Vraag 2 van 6, van Welzijn", "2",
        (OURS, "first@peil.example"),
    )  # fmt: skip


def test_a_mail_without_an_id_is_known_by_its_place_in_the_mailbox() -> None:
    mail = letter()
    del mail["Message-ID"]
    assert read(mail).provider_id == "42:7"


@pytest.mark.parametrize(
    "text",
    [
        "2\n\nOp ma 2 mrt. 2026 om 10:30 schreef Welzijn <peil@peil.example>:\n\n> Vraag 2 van 6\n> Antwoord\n",
        "2\r\n\r\nOp maandag 2 maart 2026 heeft Welzijn Rivierwaard\r\n<peil@peil.example> het volgende geschreven:\r\n\r\n> Vraag\r\n",
        "2\n\nOn Mon, Mar 2, 2026 at 10:30 AM Welzijn <peil@peil.example>\nwrote:\n\n> Question\n",
        "2\n\nVan: Welzijn <peil@peil.example>\nVerzonden: maandag 2 maart 2026 10:30\nAan: Wil\nOnderwerp: Vraag 2\n\nVraag 2 van 6: 1 = ja\n",
        "2\n\n-----Oorspronkelijk bericht-----\nVan: Welzijn\nVraag 2 van 6\n",
        "2\n\n________________________________\nVan: Welzijn <peil@peil.example>\nVraag 2 van 6\n",
        "2\n\nVerstuurd vanaf mijn iPhone\n\n> Op 2 mrt. 2026 om 10:30 heeft Welzijn het volgende geschreven:\n>\n> Vraag\n",
        "2\n\nOutlook voor Android downloaden\n________________________________\nFrom: Welzijn\n",
        "2\n-- \nWil de Boer\nDijkweg 1\n",
        "> Vraag 2 van 6: 1 = ja, 2 = min of meer\n\n2\n",
        "Op ma 2 mrt. 2026 om 10:30 schreef Welzijn <peil@peil.example>:\n> Vraag 2 van 6\n\n2\n",
        "Welzijn Rivierwaard <peil@peil.example> schreef op 2 maart:\n> Vraag\n2",
    ],
)
def test_what_was_written_without_what_it_answers(text: str) -> None:
    assert written(text) == "2"


def test_nothing_that_somebody_wrote_is_cut_off() -> None:
    text = "Op dinsdag kwam er niemand.\n\nVan: mijn buurvrouw hoor ik niets meer.\nIk schreef haar nog."
    assert written(text) == text


def test_html_without_a_plain_part() -> None:
    page = (
        "<html><head><style>p{color:red}</style></head><body><div dir=ltr>2<br>Groet &amp; dag</div>"
        '<div class="gmail_quote">Op 2 maart schreef Welzijn<blockquote>1 = ja</blockquote></div></body></html>'
    )
    assert written(from_html(page)) == "2\nGroet & dag"
    outlook = (
        "<div>2</div><hr><div id=divRplyFwdMsg><b>Van:</b> Welzijn<br><b>Verzonden:</b> maandag<br></div>"
        "<div>Vraag 2: 1 = ja</div>"
    )
    under = "<div>Op 2 maart schreef Welzijn &lt;peil@peil.example&gt;:<blockquote>1 = ja</blockquote></div><p>2</p>"
    assert written(from_html(outlook)) == written(from_html(under)) == "2"
    mail = letter("x")
    mail.set_content(page, subtype="html")
    assert read(mail).text == "2\nGroet & dag"


def test_the_subject_counts_when_nothing_stands_under_it_and_it_is_their_own() -> None:
    assert read(letter("\n", Subject="STOP")).text == "STOP"
    assert read(letter("\n")).text == ""
    assert read(letter("\n> Vraag 2\n", Subject="Antw: Vraag 2")).text == ""


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Auto_Submitted": "auto-replied"}, MailKind.AUTOMATIC),
        ({"Auto_Submitted": "no"}, MailKind.REPLY),
        ({"X_Auto_Response_Suppress": "All"}, MailKind.AUTOMATIC),
        ({"X_Autoreply": "yes"}, MailKind.AUTOMATIC),
        ({"Precedence": "bulk"}, MailKind.AUTOMATIC),
        ({"Precedence": "first-class"}, MailKind.REPLY),
        ({"List_Id": "<nieuws.winkel.invalid>"}, MailKind.AUTOMATIC),
        ({"Return_Path": "<>"}, MailKind.AUTOMATIC),
        ({"Return_Path": "<wil@voorbeeld.invalid>"}, MailKind.REPLY),
        ({"From": "no-reply@voorbeeld.invalid"}, MailKind.AUTOMATIC),
        ({"Subject": "Automatisch antwoord: Uw vragen van Welzijn"}, MailKind.MAYBE_AUTOMATIC),
        ({"Subject": "Afwezig: Uw vragen"}, MailKind.MAYBE_AUTOMATIC),
        ({"Subject": "Out of Office Re: Your questions"}, MailKind.MAYBE_AUTOMATIC),
        ({"Subject": "Re: Uw vragen van Welzijn"}, MailKind.REPLY),
        ({"Subject": "Ik was afwezig"}, MailKind.REPLY),
    ],
)
def test_who_wrote_it(headers: dict[str, str], kind: MailKind) -> None:
    assert read(letter(**headers)).kind is kind


DSN = """From: MAILER-DAEMON@relay.invalid
To: peil@peil.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn-1@relay.invalid>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.invalid
Original-Envelope-Id: x

Final-Recipient: rfc822; wil@voorbeeld.invalid
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <wil@voorbeeld.invalid>: Recipient address rejected

--b
Content-Type: {returned}

From: Welzijn <peil@peil.example>
To: wil@voorbeeld.invalid
Message-ID: <{ours}>
List-Unsubscribe: <https://peil.example/uit/tok_en-0123456789abcdef>
Subject: Uw vragen

--b--
"""


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
@pytest.mark.parametrize(("action", "status"), [("failed", "5.1.1"), ("delayed", "4.4.1")])
def test_a_report_of_delivery(returned: str, action: str, status: str) -> None:
    text = DSN.format(action=action, status=status, returned=returned, ours=OURS)
    found = read(text.replace("\n", "\r\n").encode())
    assert found.kind is MailKind.BOUNCE
    assert found.status == status
    assert found.references == (OURS,)
    assert found.token == "tok_en-0123456789abcdef"


def test_a_report_in_a_servers_own_form() -> None:
    text = (
        f"failed:\n\n  wil@voorbeeld.invalid\n    550 5.1.1 no such user\n\nMessage-ID: <{OURS}>\nSubject: Uw vragen\n"
    )
    mail = letter(text, X_Failed_Recipients="wil@voorbeeld.invalid", From="Mailer-Daemon@relay.invalid")
    del mail["In-Reply-To"], mail["References"]
    found = read(mail)
    assert (found.kind, found.status, found.references) == (MailKind.BOUNCE, "5.1.1", (OURS,))


def test_a_complaint() -> None:
    text = DSN.format(action="x", status="x", returned="message/rfc822", ours=OURS)
    text = text.replace("delivery-status; b", "feedback-report; b").replace(
        "message/delivery-status", "message/feedback-report"
    )
    found = read(text.encode())
    assert (found.kind, found.references, found.status) == (MailKind.COMPLAINT, (OURS,), "")


def test_a_receipt_of_reading_is_a_program() -> None:
    text = DSN.format(action="displayed", status="", returned="text/rfc822-headers", ours=OURS)
    text = text.replace("delivery-status; b", "disposition-notification; b").replace(
        "message/delivery-status", "message/disposition-notification"
    )
    assert read(text.encode()).kind is MailKind.AUTOMATIC


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?utf-8?b?////?=\r\nFrom: \xe9\r\n\r\n\xe9\x00",
        b"Subject: =?no-such-set?q?x?=\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nja",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x",
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n",
        b"Content-Type: message/delivery-status\r\n\r\nnonsense",
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"From: <<<>>>@@\r\nMessage-ID: <>\r\nReferences: <a b> <c\r\n\r\n2",
        b"Content-Type: text/html\r\n\r\n<p><![x]<!--<b",
        b"MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n",
    ],
)
def test_no_mail_is_too_broken_to_read(raw: bytes) -> None:
    found = read(raw)
    assert found.provider_id
    assert "\x00" not in found.text + found.subject + found.sender
