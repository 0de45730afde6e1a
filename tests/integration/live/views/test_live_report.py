"""The public figures about live view are counted from the log as its public checkpoint holds it (promise B3)."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from audit.ledger.models import Publication
from integration.live.selectors.report import named
from tests.integration.cores.devices import business_at, core_at, device_camera_at
from tests.integration.critical.scenes import scene
from tests.integration.live.watching import viewed
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db


def page() -> str:
    return Client().get(reverse("transparency")).content.decode()


def rows() -> list[dict[str, str]]:
    answer = Client().get(reverse("live_report_file"))
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


class TestBeforeThePublic:
    def test_nothing_is_said_before_the_log_is_published(self, sealed_log: SealedLog) -> None:
        viewed(scene(), minutes=2)
        assert "once the log is published for the first time" in page()
        assert rows() == []

    def test_it_is_counted_up_to_the_checkpoint_and_no_further(self, sealed_log: SealedLog) -> None:
        there = scene()
        viewed(there, minutes=2)
        sealed_log.seal_and_publish()
        there.view()
        published = Publication.objects.latest("size")
        found = {row["figure"]: row for row in rows()}
        assert {name: row["number"] for name, row in found.items()} == {
            "seconds": "120",
            "views": "1",
            "incidents": "1",
        }
        assert found["views"]["checkpoint_size"] == str(published.size)
        assert found["views"]["checkpoint_root"] == published.note.splitlines()[2]
        said = page()
        assert "0:02" in said
        assert found["views"]["checkpoint_root"] in said

    @pytest.mark.parametrize(("cameras", "areas"), [(4, []), (5, ["35203"])])
    def test_an_area_with_few_cameras_is_not_named(self, cameras: int, areas: list[str], sealed_log: SealedLog) -> None:
        there = scene(business=business_at(cameras=cameras))
        core = core_at("active", registrant=there.registrant, channels={f"c{n}": "running" for n in range(1, cameras)})
        for channel in core.channels:
            device_camera_at(core, channel=channel)
        viewed(there, minutes=1)
        sealed_log.seal_and_publish()
        assert [row["area"] for row in rows()] == ["all", "all", "all", *areas]


class TestNaming:
    def test_areas_with_five_cameras_are_named(self) -> None:
        assert named({"35203": 5, "35205": 9, "35211": 5}) == ["35203", "35205", "35211"]
        assert named({"35203": 4}) == []

    def test_what_is_left_has_five_cameras_together_too(self) -> None:
        assert named({"35203": 5, "35205": 9, "35211": 2}) == ["35205"]
        assert named({"35203": 5, "35205": 9, "35211": 2, "35222": 3}) == ["35203", "35205"]

    def test_a_watched_area_without_cameras_now_counts_as_left(self) -> None:
        assert named({"35203": 5, "35205": 9}, {"35299"}) == ["35205"]
