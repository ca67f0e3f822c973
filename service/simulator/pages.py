"""The pretend phone and the mail catcher in the browser, and the truth log and faults for tests."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, send_from_directory, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.simulator import views
from service.simulator.courier import Courier
from service.simulator.mail_catcher import read_letter, write_answer
from service.simulator.mailbox import MailboxServer
from service.simulator.misbehaviour import WAYS, Fault, Misbehaviour
from service.simulator.truth import Truth

LOOK = Path(__file__).parents[1] / "api" / "static"  # the product's own stylesheet: one look, one copy
QUICK_ANSWERS = ("1", "2", "3", "JA", "LATER", "BEL", "STOP")
#: More to try, for the visitor; the words that Peil listens for.
WORDS_TO_TRY = ("JA", "2", "FOUT", "LATER", "BEL", "HULP", "KOM NIET", "MIJN", "AFMELDEN", "STOP")
LONGEST = 1600
LONGEST_MAIL = 5000
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'self'; frame-ancestors 'self'"
)


class Pages:
    """What a visitor sees and does."""

    def __init__(
        self,
        sender: str,
        truth: Truth,
        courier: Courier,
        misbehaviour: Misbehaviour,
        mailbox: MailboxServer | None = None,
    ) -> None:
        self.sender, self.mailbox = sender, mailbox
        self.truth, self.courier, self.misbehaviour = truth, courier, misbehaviour

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = Blueprint("pages", __name__)
        routes.add_url_rule("/", "phone", self.phone)
        routes.add_url_rule("/news", "news", self.news)
        routes.add_url_rule("/reply", "reply", self.reply, methods=["POST"])
        routes.add_url_rule("/mail/<key>", "mail", self.mail)
        routes.add_url_rule("/mail/<key>", "answer", self.answer, methods=["POST"])
        routes.add_url_rule("/look/<path:name>", "look", self.look)
        routes.add_url_rule("/truth", "truth", self.show_truth)
        routes.add_url_rule("/phones", "phones", self.register, methods=["POST"])
        routes.add_url_rule("/misbehave", "misbehave", self.misbehave, methods=["POST"])
        return routes

    def phone(self) -> str:
        """The page."""
        return render_template(
            "telefoon.html",
            **self.content(),
            quick_answers=QUICK_ANSWERS,
            words_to_try=WORDS_TO_TRY,
            longest=LONGEST,
        )

    def news(self) -> Response:
        """The parts of the page that change, when something has happened since `seen`."""
        version = len(self.truth.events)
        if request.args.get("seen", type=int) == version and "fresh" not in request.args:
            return jsonify(version=version)
        content = self.content()
        parts = {
            part: render_template(f"{part}.html", **content) for part in ("phones", "thread", "boxes", "mail", "trace")
        }
        return jsonify(version=version, parts=parts)

    def content(self) -> dict[str, object]:
        """What the templates show, for the phone and mailbox in the address."""
        truth = self.truth
        version = len(truth.events)  # first: what happens meanwhile is news
        phones = truth.phones()
        phone = request.args.get("phone") or next(iter([*truth.named(mailbox=False), *phones]), "")
        boxes = truth.mailboxes()
        box = request.args.get("box") or next(iter([*truth.named(mailbox=True), *boxes]), "")
        inbox = truth.inbox(box)
        chosen = next((mail for mail in inbox if mail.key == request.args.get("mail")), next(iter(inbox), None))
        conversation = truth.conversation(phone) if phone else []
        return {
            "version": version,
            "phone": phone,
            "phone_spoken": views.spoken(phone),
            "phones": views.options(phones, truth.labels),
            "other_party": views.other_party(conversation, self.sender),
            "bubbles": views.bubbles(conversation),
            "box": box,
            "boxes": views.options(boxes, truth.labels),
            "inbox": [(mail.key, views.clock(mail.at), read_letter(mail).subject) for mail in inbox],
            "mail_key": chosen.key if chosen else "",
            "letter": read_letter(chosen) if chosen else None,
            "can_answer": self.mailbox is not None,
            "longest_mail": LONGEST_MAIL,
            "trace": views.trace(truth),
            "service_url": self.courier.account.service_url,
        }

    def reply(self) -> AnyResponse:
        """Send what the participant typed or pressed. An empty text may be sent too: people do."""
        number = request.form.get("phone", "")
        if number not in self.truth.phones():
            abort(404)
        conversation = self.truth.conversation(number)
        last = conversation[-1] if conversation else None
        to = (last.to if last.inbound else last.sender) if last else self.sender
        sid = "SM" + secrets.token_hex(16)
        text = request.form.get("text", "")[:LONGEST].replace("\r\n", "\n")
        self.truth.note("reply", sid=sid, sender=number, to=to, text=text)
        self.courier.bring(self.truth.sms[sid])
        if "application/json" in request.accept_mimetypes.values():
            return jsonify(sid=sid)
        return redirect(url_for("pages.phone", phone=number, box=request.form.get("box") or None) + "#antwoord", 303)

    def mail(self, key: str) -> Response:
        """The HTML part of a mail, on its own and without any rights; its links open in a new tab."""
        mail = self.truth.mails.get(key)
        if mail is None:
            abort(404)
        answer = Response('<!doctype html><base target="_blank">' + read_letter(mail).html)
        answer.headers["Content-Security-Policy"] = MAIL_POLICY
        return answer

    def answer(self, key: str) -> AnyResponse:
        """Answer a mail: it goes to the mailbox that the service reads."""
        mail = self.truth.mails.get(key)
        if mail is None or self.mailbox is None:
            abort(404)
        text = request.form.get("text", "")[:LONGEST_MAIL].replace("\r\n", "\n")
        raw = write_answer(mail, text)
        self.truth.note("mail_answer", key=key, text=text, raw=raw.decode("latin-1"))
        self.mailbox.put(raw)
        return redirect(url_for("pages.phone", phone=request.form.get("phone") or None, box=mail.to), 303)

    def look(self, name: str) -> Response:
        """The product's stylesheet and typeface."""
        if not name.endswith((".css", ".woff2")):
            abort(404)
        return send_from_directory(LOOK, name)

    def show_truth(self) -> Response:
        """Everything that happened, oldest first; with `after`, only later events."""
        after = request.args.get("after", 0, type=int)
        return jsonify(events=[asdict(event) for event in self.truth if event.number > after])

    def register(self) -> AnyResponse:
        """Give phones and mailboxes a name: [{"number" or "mailbox", "label"}]."""
        entries = request.get_json()
        for entry in entries if isinstance(entries, list) else []:
            address, label = (
                str(entry.get("number") or entry.get("mailbox") or "").lower(),
                str(entry.get("label") or ""),
            )
            if not address or not label:
                return Response('Each entry needs "number" or "mailbox", and "label".', 400)
            if self.truth.labels.get(address) != label:
                self.truth.note("label", address=address, label=label)
        return Response(status=204)

    def misbehave(self) -> AnyResponse:
        """Order faults: {"next": n, "how": ..., "seconds": ..., "code": ...}, or {"look_up_lag": seconds}."""
        order = request.get_json()
        if "look_up_lag" in order:
            self.misbehaviour.look_up_lag = float(order["look_up_lag"])
        if "how" in order:
            if order["how"] not in WAYS:
                return Response(f"how must be one of {', '.join(sorted(WAYS))}", 400)
            fault = Fault(order["how"], float(order.get("seconds", 30)), int(order.get("code", 0)))
            self.misbehaviour.order(int(order.get("next", 1)), fault)
        return Response(status=204)
