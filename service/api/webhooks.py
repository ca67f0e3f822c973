"""What a provider posts to us: checked, stored, answered at once. Everything else happens later, from the table."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from service.api.access import public, without_form_token
from service.api.context import services
from service.usecases.take_receipt import take_receipt
from service.usecases.take_reply import Forged, Malformed, take_reply

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks/twilio")

SIGNATURE = "X-Twilio-Signature"
MOST_BYTES = 64 * 1024


@blueprint.before_request
def limit() -> None:
    """A provider never sends more than this."""
    request.max_content_length = MOST_BYTES
    if (request.content_length or 0) > MOST_BYTES:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


@blueprint.post("/sms")
@public
@without_form_token
def reply() -> ResponseReturnValue:
    """A participant wrote."""
    take_reply(services(), request.form.to_dict(flat=False), request.headers.get(SIGNATURE, ""))
    return "", HTTPStatus.NO_CONTENT


@blueprint.post("/status")
@blueprint.post("/status/<token>")
@public
@without_form_token
def receipt(token: str = "") -> ResponseReturnValue:
    """Something happened to a message of ours."""
    take_receipt(services(), request.form.to_dict(flat=False), token, request.headers.get(SIGNATURE, ""))
    return "", HTTPStatus.NO_CONTENT


@blueprint.errorhandler(Forged)
def forged(_error: Exception) -> ResponseReturnValue:
    """The signature is not the provider's: nothing was stored."""
    return "forged", HTTPStatus.FORBIDDEN


@blueprint.errorhandler(Malformed)
def malformed(_error: Exception) -> ResponseReturnValue:
    """A field is missing, doubled or of another account: nothing was stored."""
    return "malformed", HTTPStatus.BAD_REQUEST
