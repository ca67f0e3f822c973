"""The provider's Messages API, in its wire format: create, list, fetch, and the errors it is known for."""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, request

from service.simulator.courier import Account, Courier
from service.simulator.misbehaviour import Fault, Misbehaviour
from service.simulator.truth import Sms, Truth

E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
LANDLINES: Final = ("+3178000",)
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
WORDS: Final[Mapping[int, str]] = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    21211: "Invalid 'To' Phone Number",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21609: "The 'StatusCallback' URL is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit.",
    21635: "'To' number cannot be a landline",
}
STATUS: Final[Mapping[int, int]] = {20003: 401, 20404: 404, 20429: 429}


def error(code: int, status: int | None = None) -> Response:
    """An error as the provider words it."""
    status = status or STATUS.get(code, 400)
    answer = jsonify(
        code=code,
        message=WORDS.get(code, "Error"),
        more_info=f"https://www.twilio.com/docs/errors/{code}",
        status=status,
    )
    answer.status_code = status
    return answer


class MessagesApi:
    """One account's messages."""

    def __init__(
        self, account: Account, sender: str, truth: Truth, courier: Courier, misbehaviour: Misbehaviour
    ) -> None:
        self.account, self.sender = account, sender
        self.hosts = LOOPBACK | {urlsplit(account.service_url).hostname}  # nothing leaves for anywhere else
        self.truth, self.courier, self.misbehaviour = truth, courier, misbehaviour

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = Blueprint("messages_api", __name__, url_prefix="/2010-04-01/Accounts/<account_sid>")
        routes.before_request(self.authenticate)
        routes.add_url_rule("/Messages.json", "create", self.create, methods=["POST"])
        routes.add_url_rule("/Messages.json", "list", self.search, methods=["GET"])
        routes.add_url_rule("/Messages/<sid>.json", "fetch", self.fetch, methods=["GET"])
        return routes

    def authenticate(self) -> Response | None:
        """Basic authentication with the account and its token."""
        given = request.authorization
        user, password = (given.username or "", given.password or "") if given else ("", "")
        known = hmac.compare_digest(user.encode(), self.account.sid.encode())
        if not (known and hmac.compare_digest(password.encode(), self.account.token.encode())):
            return error(20003)
        return None if (request.view_args or {}).get("account_sid") == self.account.sid else error(20404)

    def create(self, account_sid: str) -> Response:  # noqa: ARG002 - checked above
        """Accept a message, unless it is wrong or we were asked to misbehave."""
        fault = self.misbehaviour.next()
        if fault.how:
            self.truth.note("misbehaved", how=fault.how)
        refusal = self.before(fault) or self.refuse(request.form)
        if refusal is not None:
            return refusal
        return self.after(fault, self.accept(request.form, fault))

    def before(self, fault: Fault) -> Response | None:
        """What goes wrong before the message is taken."""
        if fault.how == "hang":
            time.sleep(fault.seconds)
            return Response("gateway timeout", 504)
        if fault.how == "error_500":
            return Response("upstream error", 500)
        if fault.how == "throttle":
            return error(20429)
        return error(fault.code or 30006, 400) if fault.how == "reject" else None

    def refuse(self, form: Mapping[str, str]) -> Response | None:
        """What the provider does not take."""
        to, body, callback = form.get("To", ""), form.get("Body", ""), form.get("StatusCallback", "")
        wrong: list[tuple[int, bool]] = [
            (21604, not to),
            (21603, not (form.get("From") or form.get("MessagingServiceSid"))),
            (21211, not E164.fullmatch(to)),
            (21635, to.startswith(LANDLINES)),
            (21602, not body.strip()),
            (21617, len(body) > 1600),
            (21609, bool(callback) and urlsplit(callback).hostname not in self.hosts),
            (21610, to in self.truth.stopped),
        ]
        code = next((code for code, applies in wrong if applies), None)
        if code is None:
            return None
        self.truth.note("refused", to=to, code=str(code))
        return error(code)

    def accept(self, form: Mapping[str, str], fault: Fault) -> Sms:
        """Take the message, and let the courier tell the service what becomes of it."""
        sid = "SM" + secrets.token_hex(16)
        self.truth.note(
            "accepted",
            sid=sid,
            to=form["To"],
            sender=form.get("From") or self.sender,
            text=form["Body"],
            callback=form.get("StatusCallback", ""),
            validity=form.get("ValidityPeriod", ""),
        )
        sms = self.truth.sms[sid]
        undelivered = str(fault.code or 30003) if fault.how == "undelivered" else ""
        self.courier.bring(sms, undelivered=undelivered, manner=fault.how)
        return sms

    def after(self, fault: Fault, sms: Sms) -> Response:
        """The answer to a message that was taken, or what is left of it."""
        if fault.how == "error_after_accept":
            return Response("upstream error", 500)
        if fault.how == "hang_after_accept":
            time.sleep(fault.seconds)
        answer = jsonify(self.show(sms, "queued"))
        answer.status_code = 201
        if fault.how == "drop_answer":
            whole = len(answer.get_data())
            answer.set_data(b"{")
            answer.headers["Content-Length"] = str(whole)  # promised, and not kept: the connection ends
        return answer

    def search(self, account_sid: str) -> Response:
        """The messages to a number since a moment, newest first."""
        to, since = request.args.get("To"), request.args.get("DateSent>")
        try:
            earliest = datetime.fromisoformat(since.replace("Z", "+00:00")) if since else None
        except ValueError:
            return error(20001)
        if earliest is not None and earliest.tzinfo is None:
            earliest = earliest.replace(tzinfo=UTC)
        visible = datetime.now(UTC) - timedelta(seconds=self.misbehaviour.look_up_lag)
        found = [
            sms
            for sms in self.truth.outbound()
            if (not to or sms.to == to)
            and (earliest is None or sms.at.replace(microsecond=0) >= earliest)
            and sms.at <= visible
        ]
        return jsonify(self.page(account_sid, found))

    def page(self, account_sid: str, found: list[Sms]) -> dict[str, object]:
        """One page of a list."""
        size = max(1, min(1000, request.args.get("PageSize", 50, type=int)))
        number = max(0, request.args.get("Page", 0, type=int))
        base = f"/2010-04-01/Accounts/{account_sid}/Messages.json"
        query = {k: v for k, v in request.args.items() if k != "Page"}
        more = len(found) > (number + 1) * size
        return {
            "messages": [self.show(sms, sms.status) for sms in found[number * size : (number + 1) * size]],
            "page": number,
            "page_size": size,
            "start": number * size,
            "end": min(len(found), (number + 1) * size) - 1,
            "uri": f"{base}?{urlencode(query)}",
            "first_page_uri": f"{base}?{urlencode({**query, 'Page': '0'})}",
            "next_page_uri": f"{base}?{urlencode({**query, 'Page': str(number + 1)})}" if more else None,
            "previous_page_uri": f"{base}?{urlencode({**query, 'Page': str(number - 1)})}" if number else None,
        }

    def fetch(self, account_sid: str, sid: str) -> Response:  # noqa: ARG002 - checked above
        """One message."""
        sms = self.truth.sms.get(sid)
        return error(20404) if sms is None or sms.inbound else jsonify(self.show(sms, sms.status))

    def show(self, sms: Sms, status: str) -> dict[str, object]:
        """A message as the provider shows it."""
        moment = format_datetime(sms.at.replace(microsecond=0))
        return {
            "sid": sms.sid, "account_sid": self.account.sid, "api_version": "2010-04-01", "body": sms.text,
            "to": sms.to, "from": sms.sender, "status": status, "direction": "outbound-api",
            "date_created": moment, "date_sent": None if status == "queued" else moment, "date_updated": moment,
            "error_code": int(sms.code) if sms.code else None, "error_message": None, "messaging_service_sid": None,
            "num_media": "0", "num_segments": "1", "price": None, "price_unit": "USD",
            "subresource_uris": {"media": f"/2010-04-01/Accounts/{self.account.sid}/Messages/{sms.sid}/Media.json"},
            "uri": f"/2010-04-01/Accounts/{self.account.sid}/Messages/{sms.sid}.json",
        }  # fmt: skip
