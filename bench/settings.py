"""Benchmarks: as the tests, on servers of their own."""

from fusus_portal.demo.servers import places
from fusus_portal.settings.base import BASE_DIR, caches
from fusus_portal.settings.tasks import broker_address
from fusus_portal.settings.test import *  # noqa: F403

PLACE = places.place(BASE_DIR, purpose="bench", base=places.outside(BASE_DIR) / "bench")
REDIS_URL = places.valkey_url(PLACE)
LIVE_REDIS_URL = places.live_url(PLACE)
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_address(REDIS_URL)
