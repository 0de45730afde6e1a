from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from fusus_portal.ground.env import Misconfigured

BACKEND = "fusus_portal.ground.database.backend"
EXAMPLE = "For example postgresql://portal_app:password@localhost/portal"


def connection_settings(variable: str, address: str) -> dict[str, Any]:
    """Return an entry of DATABASES for a URL or a libpq `key=value` string. Raises Misconfigured, naming `variable`."""
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(address))
    except ProgrammingError as error:
        raise Misconfigured(variable, "is not a database address", EXAMPLE) from error
    if not parts.get("dbname"):
        raise Misconfigured(variable, "names no database", EXAMPLE)
    return {
        "ENGINE": BACKEND,
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": parts,
    }


def pooled(settings: dict[str, Any], *, largest: int) -> dict[str, Any]:
    """Return an entry of DATABASES with a pool of at most `largest` connections. Our backend checks them before use."""
    # Gives up soon: the pool would wait ever longer between attempts, even when the database is back.
    pool = {"min_size": 1, "max_size": largest, "timeout": 5, "reconnect_timeout": 2}
    options = {**settings["OPTIONS"], "pool": pool}
    return {**settings, "OPTIONS": options, "CONN_HEALTH_CHECKS": False}
