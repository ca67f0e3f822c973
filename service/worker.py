"""The worker process: Celery, in threads, with the tasks of the timetable."""

from __future__ import annotations

import sys

from service.bootstrap import build, configure_logs
from service.settings import WrongSettings, read_settings
from service.tasks.runtime import keep_our_logs, make_app, register, run_worker


def main() -> int:
    """Work until SIGTERM."""
    try:
        settings = read_settings()
    except WrongSettings as wrong:
        sys.stderr.write(f"These settings are wrong:\n{wrong}\n")
        return 2
    keep_our_logs(lambda: configure_logs(json=settings.place.json_log))
    app = make_app(settings.place.redis_url)
    register(app, build(settings))
    run_worker(app)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
