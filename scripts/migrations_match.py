"""`alembic check` on an embedded PostgreSQL: the migrations make exactly the tables that the code describes."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from alembic import command
from alembic.util import CommandError

from service.embedded import ensure_database, start_postgres
from service.store.migrate import configuration, migrate


def main() -> int:
    """Migrate an empty database and compare."""
    folder = Path(tempfile.gettempdir()) / f"peil-check-{os.getpid()}"
    running = start_postgres(folder, durable=False)
    try:
        ensure_database(folder)
        migrate(running.url)
        command.check(configuration(running.url))
    except CommandError as error:
        print(f"The migrations do not make the tables of service/store/tables: {error}")
        return 1
    finally:
        running.process.send_signal(signal.SIGINT)
        running.process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
