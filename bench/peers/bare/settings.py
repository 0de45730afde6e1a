"""Bare Django on the portal's database. Each thread keeps its connection."""

from fusus_portal.ground import env
from fusus_portal.ground.database.address import connection_settings

SECRET_KEY = "of a benchmark"  # noqa: S105
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.peers.bare.pages"
DATABASES = {
    "default": {
        **connection_settings("DATABASE_URL", env.required("DATABASE_URL", hint="The benchmark sets it.")),
        "CONN_MAX_AGE": None,
    }
}
