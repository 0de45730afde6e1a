"""Commands of manage.py in `make check`, with production settings and made-up values. They need no server."""

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "fusus_portal.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "portal.sheriff.example",
    "SITE_URL": "https://portal.sheriff.example",
    "DATABASE_URL": "postgresql://portal_app:unused@localhost/unused",
    "REDIS_URL": "redis://localhost/0",
    "AGENCY_NAME": "Jefferson County Sheriff's Office",
    "AGENCY_PHONE": "205-555-0100",
    "AGENCY_NEWS_URL": "https://sheriff.example/news",
    "COUNTY_FIPS": "01073",
    "EMAIL_URL": "smtps://mail.sheriff.example",
    "DEFAULT_FROM_EMAIL": "portal@sheriff.example",
    "UPLOADS_ROOT": "/nonexistent",
}
COMMANDS = [
    ["check", "--deploy", "--fail-level", "WARNING"],
    ["makemigrations", "--check", "--dry-run", "--settings", "fusus_portal.settings.test"],  # no pool that waits
    ["states", "--check"],
]


def main() -> int:
    with tempfile.TemporaryDirectory() as uploads:
        environment = {**os.environ, **PRODUCTION, "UPLOADS_ROOT": uploads}
        found = [command for command in COMMANDS if failed(command, environment)]
    return int(bool(found))


def failed(command: list[str], environment: dict[str, str]) -> bool:
    """Run a command of manage.py; return True if it found something wrong."""
    sys.stdout.write(f"manage.py {' '.join(command)}\n")
    sys.stdout.flush()
    done = subprocess.run(
        [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py", *command],
        cwd=CHECKOUT,
        env=environment,
        check=False,
    )
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
