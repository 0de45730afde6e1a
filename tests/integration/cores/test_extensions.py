"""COREs in the auditors' search box, and in the file of a business's own data."""

import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from audit import hooks
from audit.console.search import phrases
from fusus_portal.ground.accounts.models import User
from tests.integration.cores.devices import business_at, core_at, device_camera_at

pytestmark = pytest.mark.django_db


def test_an_auditor_finds_a_core_by_its_serial_number(auditor_client: Client) -> None:
    core = core_at("active")
    [meaning] = phrases.meanings_of(core.serial.lower())
    assert meaning.subjects == (("core", str(core.pk)),)
    assert meaning.actors == (str(core.pk),)
    assert phrases.meanings_of(core.serial[:-1]) == ()
    assert hooks.names("core", [str(core.pk), "no id"]) == {str(core.pk): core.serial}
    page = auditor_client.get(reverse("audit"), {"word": core.serial}).content.decode()
    assert "CORE activated" in page


def test_a_business_takes_its_cores_along(business_client: Client, business: User) -> None:
    core = core_at("active", registrant=business_at(user=business))
    camera = device_camera_at(core)
    answer = business_client.post(reverse("export_data"))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    data = json.loads(archive.read("data.json"))
    [held], [behind] = data["cores"], data["connected_cameras"]
    assert (held["serial"], held["state"], held["place"]) == (core.serial, "active", str(core.premises_id))
    assert core.activated_at
    assert core.seen_at
    times = (core.activated_at.isoformat(), core.seen_at.isoformat())
    assert (held["activated_at"], held["last_heard_of"]) == times
    assert (behind["core"], behind["channel"]) == (core.serial, camera.channel)
