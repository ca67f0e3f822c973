"""The mailbox to which pretend participants answer: a real IMAP server that keeps its mail in memory."""

from __future__ import annotations

import asyncio
import socket
import threading
from argparse import Namespace

from imap_tools import MailBoxUnencrypted
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer
from pysasl.hashing import BuiltinHash

from service.simulator.mail_catcher import end_conversations

USER = "peil"
SECONDS = 10.0


class MailboxServer:
    """The server on its own thread, with one user (`peil`) and an INBOX. `place` is a bound socket."""

    def __init__(self, place: socket.socket, password: str) -> None:
        self.place, self.password = place, password
        self.port = int(place.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._stop, self._up = asyncio.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to listen; returns when mail can be put in."""
        self._thread.start()
        self._up.wait(SECONDS)

    def stop(self) -> None:
        """End; what was in it is gone."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(SECONDS)

    def put(self, mail: bytes) -> None:
        """Put a mail in it, as a mail server would."""
        with self.open() as box:
            box.append(mail, "INBOX")

    def open(self) -> MailBoxUnencrypted:
        """Log in, as its owner."""
        return MailBoxUnencrypted("127.0.0.1", self.port, timeout=SECONDS).login(USER, self.password)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        given = Namespace(
            host=None, port=self.port, debug=False, cert=None, key=None, tls=False, proxy_protocol=None,
            passlib_cfg=None, demo_data=False, demo_user=USER, demo_password=self.password,
        )  # fmt: skip
        # One round is enough for a password that lives as long as the demonstration, and a log-in every half minute.
        backend, config = await DictBackend.init(given, invalid_user_sleep=0, hash_context=BuiltinHash(rounds=1))
        config.apply_context()
        callback = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
        async with await asyncio.start_server(callback, sock=self.place):
            self._up.set()
            await self._stop.wait()
        await end_conversations()
