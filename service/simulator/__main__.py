"""python -m service.simulator: the stand-in for the SMS provider and the mail server, on the loopback only."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
from pathlib import Path

from service.simulator.app import Simulator
from service.simulator.courier import Account


def options() -> argparse.ArgumentParser:
    """The command line; each option may also come from the environment as SIMULATOR_<NAME>."""
    parser = argparse.ArgumentParser(prog="python -m service.simulator", description=__doc__)
    env = os.environ.get
    parser.add_argument("--port", type=int, default=int(env("SIMULATOR_PORT", "8001")))
    parser.add_argument("--smtp-port", type=int, default=int(env("SIMULATOR_SMTP_PORT", "8002")))
    parser.add_argument("--imap-port", type=int, default=int(env("SIMULATOR_IMAP_PORT", "0")), help="0: no mailbox")
    parser.add_argument("--service-url", default=env("SIMULATOR_SERVICE_URL", "http://127.0.0.1:8000"))
    parser.add_argument("--account-sid", default=env("SIMULATOR_ACCOUNT_SID", "AC" + "0" * 32))
    parser.add_argument("--auth-token", default=env("SIMULATOR_AUTH_TOKEN", "practice"))
    parser.add_argument("--sender", default=env("SIMULATOR_SENDER", "+31600009999"), help="the number people answer to")
    parser.add_argument("--data", type=Path, default=Path(env("SIMULATOR_DATA", "") or "simulator.jsonl"))
    return parser


def loopback(port: int) -> socket.socket:
    """A bound socket on the loopback. Raises OSError when the port is taken."""
    place = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind(("127.0.0.1", port))
    return place


def main() -> int:
    """Run until Ctrl-C or SIGTERM."""
    given = options().parse_args()
    try:
        web, mail = loopback(given.port), loopback(given.smtp_port)
        post = loopback(given.imap_port) if given.imap_port else None
    except OSError as fault:
        ports = f"{given.port}, {given.smtp_port} or {given.imap_port}"
        sys.stderr.write(f"simulator: port {ports} cannot be used: {fault.strerror}\n")
        return 1
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})  # every thread: only we wait for them
    account = Account(given.account_sid, given.auth_token, given.service_url.rstrip("/"))
    simulator = Simulator(account, given.sender, web, mail, given.data, post)
    simulator.start()
    sys.stderr.write(f"simulator: phone and mail at http://127.0.0.1:{given.port}, SMTP at port {given.smtp_port}\n")
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    simulator.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
