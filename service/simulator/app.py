"""The simulator put together: one web application, one mail server, one courier."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Final

from flask import Flask, Response, abort, request
from waitress import wasyncore
from waitress.server import create_server

from service.simulator.courier import Account, Courier
from service.simulator.mail_catcher import MailCatcher
from service.simulator.mailbox import MailboxServer
from service.simulator.messages_api import LOOPBACK, MessagesApi
from service.simulator.misbehaviour import Misbehaviour
from service.simulator.pages import Pages
from service.simulator.truth import Truth

THREADS: Final = 16
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Simulator:
    """Everything, not yet started. `web`, `mail` (SMTP) and `post` (IMAP; None without) are bound sockets on the
    loopback."""

    def __init__(
        self,
        account: Account,
        sender: str,
        web: socket.socket,
        mail: socket.socket,
        data: Path | None,
        post: socket.socket | None = None,
    ) -> None:
        self.truth = Truth(data)
        self.misbehaviour = Misbehaviour()
        self.courier = Courier(account, self.truth)
        api = MessagesApi(account, sender, self.truth, self.courier, self.misbehaviour)
        self.mailbox = MailboxServer(post, account.token) if post is not None else None
        pages = Pages(sender, self.truth, self.courier, self.misbehaviour, self.mailbox)
        self.server = create_server(
            create_app(api, pages), sockets=[web], threads=THREADS, clear_untrusted_proxy_headers=True
        )
        self.mail_catcher = MailCatcher(self.truth, mail)
        self._thread = threading.Thread(target=self.server.run, daemon=True)

    def start(self) -> None:
        """Begin: takes messages, catches mail, brings webhooks."""
        self._thread.start()
        self.mail_catcher.start()
        if self.mailbox is not None:
            self.mailbox.start()
            for answer in self.truth.answers():  # it forgets; the service knows each of them again
                self.mailbox.put(answer)
        self.courier.start()

    def stop(self) -> None:
        """End; the log keeps what was not finished."""
        self.courier.stop()
        self.mail_catcher.stop()
        if self.mailbox is not None:
            self.mailbox.stop()
        self.server.trigger.pull_trigger(self._close)  # sockets are closed by the thread that waits for them
        self._thread.join(10)

    def _close(self) -> None:
        self.server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self.server._map)  # noqa: SLF001 - waitress has no other way to end its loop


def create_app(api: MessagesApi, pages: Pages) -> Flask:
    """The web application."""
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.register_blueprint(api.blueprint())
    app.register_blueprint(pages.blueprint())
    app.before_request(refuse_strangers)
    app.after_request(harden)
    return app


def refuse_strangers() -> None:
    """Only this machine, and no page of another site in this machine's browser."""
    if (request.host.rsplit(":", 1)[0].strip("[]")) not in LOOPBACK:
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        abort(403)


def harden(answer: Response) -> Response:
    """The same strictness as the product, so that practice looks and behaves like it."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer
