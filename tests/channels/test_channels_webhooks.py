"""What Twilio posts is believed only with our signature, over our public address, and in the form it should have."""

from __future__ import annotations

import pytest
from twilio.request_validator import RequestValidator

from service.channels.base import Forged, Incoming, Malformed, Receipt
from service.channels.sms_twilio import TwilioWebhooks

ACCOUNT = "AC" + "1" * 32
SID = "SM" + "ab" * 16
PUBLIC = "https://peil.example"
WEBHOOKS = TwilioWebhooks(ACCOUNT, ("new-token", "old-token"), PUBLIC)
REPLY = {
    "MessageSid": SID,
    "AccountSid": ACCOUNT,
    "From": "+31600000137",
    "To": "+31600009999",
    "Body": "2",
    "NumMedia": "0",
}
RECEIPT = {"MessageSid": SID, "AccountSid": ACCOUNT, "MessageStatus": "delivered", "To": "+31600000137"}

Form = dict[str, list[str]]


def form(fields: dict[str, str]) -> Form:
    return {name: [value] for name, value in fields.items()}


def sign(
    fields: dict[str, str], path: str = "/webhooks/twilio/sms", token: str = "new-token", url: str = PUBLIC
) -> str:
    return str(RequestValidator(token).compute_signature(url + path, fields))


def test_a_signed_reply_is_read() -> None:
    assert WEBHOOKS.read_reply(form(REPLY), sign(REPLY)) == Incoming("twilio", SID, "+31600000137", "+31600009999", "2")


def test_an_empty_reply_is_a_reply() -> None:
    empty = {**REPLY, "Body": ""}
    assert WEBHOOKS.read_reply(form(empty), sign(empty)).text == ""


def test_both_tokens_count_while_one_is_replaced() -> None:
    assert WEBHOOKS.read_reply(form(REPLY), sign(REPLY, token="old-token")).text == "2"


def test_fields_that_twilio_may_add_are_part_of_the_signature_and_harmless() -> None:
    more = {**REPLY, "NewField": "x"}
    assert WEBHOOKS.read_reply(form(more), sign(more)).text == "2"


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param("", id="none"),
        pytest.param("nonsense", id="nonsense"),
        pytest.param("é", id="not ascii"),
        pytest.param(sign(REPLY, token="stolen"), id="another token"),
        pytest.param(sign(REPLY, token=""), id="no token"),
        pytest.param(sign({**REPLY, "Body": "1"}), id="another answer"),
        pytest.param(sign(REPLY, path="/webhooks/twilio/status"), id="another path"),
        pytest.param(sign(REPLY, url="https://evil.example"), id="another host"),
        pytest.param(sign(REPLY, url="http://peil.example"), id="another scheme"),
    ],
)
def test_another_signature_is_forged(signature: str) -> None:
    with pytest.raises(Forged):
        WEBHOOKS.read_reply(form(REPLY), signature)


def test_a_field_that_was_added_without_signing_is_forged() -> None:
    with pytest.raises(Forged):
        WEBHOOKS.read_reply(form({**REPLY, "Extra": "x"}), sign(REPLY))


def test_without_any_token_nothing_is_believed() -> None:
    with pytest.raises(Forged):
        TwilioWebhooks(ACCOUNT, (), PUBLIC).read_reply(form(REPLY), sign(REPLY))
    with pytest.raises(Forged):
        TwilioWebhooks(ACCOUNT, ("",), PUBLIC).read_reply(form(REPLY), sign(REPLY, token=""))


def test_a_doubled_field_is_refused_even_when_the_signature_fits() -> None:
    doubled = {**form(REPLY), "Body": ["2", "2"]}
    with pytest.raises(Malformed, match="Body"):
        WEBHOOKS.read_reply(doubled, sign(REPLY))


@pytest.mark.parametrize("name", ["MessageSid", "From", "To", "Body", "AccountSid"])
def test_a_missing_field_is_refused(name: str) -> None:
    short = {key: value for key, value in REPLY.items() if key != name}
    with pytest.raises(Malformed, match=name):
        WEBHOOKS.read_reply(form(short), sign(short))


def test_another_account_is_refused() -> None:
    other = {**REPLY, "AccountSid": "AC" + "2" * 32}
    with pytest.raises(Malformed, match="AccountSid"):
        WEBHOOKS.read_reply(form(other), sign(other))


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param(
            {
                "AccountSid": ACCOUNT,
                "Body": "2From+31600000137",
                "MessageSid": SID,
                "NumMedia": "0",
                "To": "+31600009999",
            },
            id="the number swallowed by the words",
        ),
        pytest.param(
            {
                "AccountSid": ACCOUNT,
                "Body": "2",
                "From": "+31600000137",
                "MessageSid": SID + "NumMedia0",
                "To": "+31600009999",
            },
            id="a new id for a captured reply",
        ),
        pytest.param(
            {
                "AccountSid": ACCOUNT + "Body2",
                "From": "+31600000137",
                "MessageSid": SID,
                "NumMedia": "0",
                "To": "+31600009999",
            },
            id="the words swallowed by the account",
        ),
    ],
)
def test_a_moved_boundary_has_the_same_signature_and_is_refused(moved: dict[str, str]) -> None:
    """The signature is over names and values without separators, so the form of each field has to hold."""
    assert sign(moved) == sign(REPLY)
    with pytest.raises(Malformed):
        WEBHOOKS.read_reply(form(moved), sign(REPLY))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("undelivered", "undelivered"),
        ("failed", "failed"),
        ("canceled", "failed"),
    ],
)
def test_a_receipt_in_our_words(said: str, meant: str) -> None:
    fields = {**RECEIPT, "MessageStatus": said, "ErrorCode": "30003"}
    signature = sign(fields, "/webhooks/twilio/status/token-1")
    assert WEBHOOKS.read_receipt(form(fields), "token-1", signature) == Receipt(
        "twilio", SID, "token-1", meant, "30003"
    )


@pytest.mark.parametrize("said", ["queued", "accepted", "scheduled", "sending", "invented_later"])
def test_a_status_that_changes_nothing(said: str) -> None:
    fields = {**RECEIPT, "MessageStatus": said}
    assert WEBHOOKS.read_receipt(form(fields), "t", sign(fields, "/webhooks/twilio/status/t")) is None


def test_a_receipt_cannot_be_moved_to_another_attempt() -> None:
    with pytest.raises(Forged):
        WEBHOOKS.read_receipt(form(RECEIPT), "other", sign(RECEIPT, "/webhooks/twilio/status/mine"))


def test_a_public_address_with_a_port_a_path_or_a_closing_slash() -> None:
    for public in ("http://127.0.0.1:8000", "https://gemeente.example/peil"):
        webhooks = TwilioWebhooks(ACCOUNT, ("new-token",), public + "/")
        assert webhooks.read_reply(form(REPLY), sign(REPLY, url=public)).provider_id == SID
