"""The web process: the application behind waitress (docs/adr/0004). Other servers may call `make_app`."""

from __future__ import annotations

import signal
import sys
from types import FrameType

import waitress
from flask import Flask

from service.api import create_app
from service.bootstrap import build, configure_logs
from service.settings import Settings, WrongSettings, read_settings

THREADS = 8


def make_app(settings: Settings | None = None) -> Flask:
    """The application, from the environment. Raises WrongSettings."""
    settings = settings or read_settings()
    configure_logs(json=settings.place.json_log)
    return create_app(
        build(settings),
        settings.keys.secret_key,
        secure_cookies=settings.place.public_url.startswith("https://"),
        practice_url=settings.practice_url if settings.practice_numbers and settings.practice_url else None,
    )


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)  # waitress finishes what it is answering


def main() -> int:
    """Serve until SIGTERM."""
    try:
        settings = read_settings()
    except WrongSettings as wrong:
        sys.stderr.write(f"These settings are wrong:\n{wrong}\n")
        return 2
    signal.signal(signal.SIGTERM, _stop)
    waitress.serve(
        make_app(settings),
        host=settings.place.bind,
        port=settings.place.port,
        threads=THREADS,
        ident=None,
        clear_untrusted_proxy_headers=True,
        max_request_body_size=5 * 1024 * 1024,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
