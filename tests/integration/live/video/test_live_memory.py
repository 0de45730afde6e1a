"""Keys in the memory of live video all expire, even if nobody comes back for them."""

import pytest

from integration.live.services import snapshots
from integration.live.video import store
from integration.live.video.connection import live
from tests.integration.live.streaming import scene, stream_of


@pytest.mark.usefixtures("portal_db")
def test_nothing_stays_there_for_good() -> None:
    seen = scene()
    grant = seen.begin()
    stream = stream_of(grant)
    store.note_told(stream.pk)
    seen.send(stream)
    for name in ("playlist.m3u8", "2.ts"):
        assert seen.get(grant, name).status_code == 200
    snapshots.take(behind=seen.camera, by=seen.owner)
    held = {key.decode(): live().ttl(key) for key in live().scan_iter()}
    core = seen.device.core.pk
    for part in (f"{stream.pk}", f"asked:{grant.pk}", f"live:sent:{grant.pk}", f"snapshots:wanted:{core}"):
        assert any(part in key for key in held), part
    assert {key for key, left in held.items() if left < 0} == set()
