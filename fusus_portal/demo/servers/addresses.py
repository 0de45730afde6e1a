"""Files with the addresses of the demo's servers, for `make run` and for commands in another terminal."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from audit.ledger.notes import Signer
from fusus_portal.demo.servers.postgres import write_private
from fusus_portal.demo.servers.servers import Servers

DATABASE = "portal"
SETTINGS = "fusus_portal.settings.dev"
SEALER_ONLY = ("SEALER_DATABASE_URL", "LEDGER_KEY", "LEDGER_KEY_FILE", "LEDGER_HEAD_FILE")
DEPLOY_ONLY = ("SUPERUSER_DATABASE_URL", "MIGRATOR_DATABASE_URL")
ORIGIN = "localhost/ledger"
"""The log's name in the demo. It has no port, so the log's key, which names it, is good on any port."""


def note(servers: Servers, directory: Path, *, site: str, others: dict[str, str]) -> None:
    """Write `environment`, and two files that web and worker never read: `deploy.environment`, `sealer.environment`.

    site: the portal's own address, for links in mails. others: addresses of relay and payment peer, with its keys.
    """
    secret = made_once(directory / "secret_key", lambda: secrets.token_urlsafe(64))
    served = {"SECRET_KEY": secret.read_text(encoding="utf-8"), "SITE_URL": site, **others}
    served |= {"TEXT_URL": f"{site}/demo/texts/gateway/", "TEXT_ACCOUNT": "demo", "TEXT_SENDER": "+12055550199"}
    served["TEXT_SECRET_FILE"] = str(made_once(directory / "text_secret", lambda: secrets.token_urlsafe(32)))
    served["PUSH_KEY_FILE"] = str(made_once(directory / "push_key", key_of_notices))
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
    if servers.live is not None:
        served["LIVE_REDIS_URL"] = servers.live.url
    write_private(directory / "environment", lines(served))
    write_private(directory / "deploy.environment", lines(deploy))
    if servers.postgres is not None:
        sealer = {
            "SEALER_DATABASE_URL": servers.postgres.address("portal_sealer", DATABASE),
            "LEDGER_KEY_FILE": str(made_once(directory / "ledger_key", Signer(ORIGIN, secrets.token_bytes(32)).text)),
            "LEDGER_HEAD_FILE": str(directory / "ledger.head"),
        }
        write_private(directory / "sealer.environment", lines(sealer))


def made_once(file: Path, make: Callable[[], str]) -> Path:
    if not file.exists():
        write_private(file, make())
    return file


def key_of_notices() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def lines(variables: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in variables.items())


def of_processes() -> dict[str, str]:
    """Return the environment of web, worker and beat, without the keys of deploy steps and the sealer."""
    return _without(*DEPLOY_ONLY, *SEALER_ONLY)


def of_sealer() -> dict[str, str]:
    """Return the sealer's environment. Settings read the file `sealer.environment` only for `manage.py ledger`."""
    return _without(*DEPLOY_ONLY)


def can_seal(directory: Path) -> bool:
    """True if `sealer.environment`, or else the environment, has a sealer's database sign-in, key and head file."""
    if "DATABASE_URL" in os.environ:
        has_key = not {"LEDGER_KEY", "LEDGER_KEY_FILE"}.isdisjoint(os.environ)
        return has_key and {"SEALER_DATABASE_URL", "LEDGER_HEAD_FILE"} <= set(os.environ)
    return (directory / "sealer.environment").exists()


def _without(*names: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return {**kept, "DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONUNBUFFERED": "1"}
