"""The camera of the tests, as clients see it that are not ours and read the documents of ONVIF."""

import asyncio
import logging
from typing import Any

from onvif import ONVIFCamera
from wsdiscovery.discovery import ThreadedWSDiscovery

from tests.peers.cameras import PASSWORD, USER, RealCamera


def test_an_onvif_client_that_is_not_ours_reads_all_that_it_says(camera: RealCamera) -> None:
    # It knows the older of the two services alone, the one without H.265.
    camera.onvif.tell("media 1")
    said = asyncio.run(_ask(camera.onvif.port))
    assert said == {"tokens": ["sub", "tiny"], "uri": camera.stream, "state": "Active"}


async def _ask(port: int) -> dict[str, Any]:
    camera = ONVIFCamera("127.0.0.1", port, USER, PASSWORD)
    try:
        await camera.update_xaddrs()
        media, recording = await camera.create_media_service(), await camera.create_recording_service()
        setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
        [job] = await recording.GetRecordingJobs()
        return {
            "tokens": [each.token for each in await media.GetProfiles()],
            "uri": (await media.GetStreamUri({"StreamSetup": setup, "ProfileToken": "sub"})).Uri,
            "state": (await recording.GetRecordingJobState({"JobToken": job.JobToken})).State,
        }
    finally:
        await camera.close()


def test_a_discovery_that_is_not_ours_finds_it(camera: RealCamera) -> None:
    logging.getLogger("threading").setLevel(logging.ERROR)
    search = ThreadedWSDiscovery()
    search.start()
    try:
        found = search.searchServices(timeout=2)
    finally:
        search.stop()
    addresses = [address for each in found for address in each.getXAddrs()]
    assert f"http://127.0.0.1:{camera.onvif.port}/onvif/device_service" in addresses
