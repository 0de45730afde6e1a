"""Notes where the servers of `make run` are, for it and for commands in another terminal."""

import os
import secrets
from pathlib import Path

from fusus_portal.demo.postgres import write_private
from fusus_portal.demo.servers import Servers

DATABASE = "portal"
SETTINGS = "fusus_portal.settings.dev"
DEPLOY_ONLY = ("SUPERUSER_DATABASE_URL", "MIGRATOR_DATABASE_URL", "SEALER_DATABASE_URL")


def note(servers: Servers, directory: Path, *, site: str) -> None:
    """Write `environment`, and `deploy.environment` that web and worker never read.

    site: the portal's own address, as it stands in mails.
    """
    key_file = directory / "secret_key"
    if not key_file.exists():
        write_private(key_file, secrets.token_urlsafe(64))
    served = {"SECRET_KEY": key_file.read_text(encoding="utf-8"), "SITE_URL": site}
    deploy = {}
    if servers.postgres is not None:
        served["DATABASE_URL"] = servers.postgres.address("portal_app", DATABASE)
        deploy = {
            "SUPERUSER_DATABASE_URL": servers.postgres.address("postgres", "postgres"),
            "MIGRATOR_DATABASE_URL": servers.postgres.address("portal_migrator", DATABASE),
            "SEALER_DATABASE_URL": servers.postgres.address("portal_sealer", DATABASE),
        }
    if servers.valkey is not None:
        served["REDIS_URL"] = servers.valkey.url
    write_private(directory / "environment", lines(served))
    write_private(directory / "deploy.environment", lines(deploy))


def lines(variables: dict[str, str]) -> str:
    """Return variables as `NAME=value` lines."""
    return "".join(f"{name}={value}\n" for name, value in variables.items())


def of_processes() -> dict[str, str]:
    """Return the environment of web, worker and beat: without what only deploy steps may hold."""
    kept = {name: value for name, value in os.environ.items() if name not in DEPLOY_ONLY}
    return {**kept, "DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONUNBUFFERED": "1"}
