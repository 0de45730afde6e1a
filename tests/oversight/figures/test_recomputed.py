"""Every figure comes out the same when a program that is not ours counts it from a raw export (promise B3)."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from audit.ledger import export
from audit.log.actors import AT_THE_SERVER
from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.figures import services
from fusus_portal.oversight.figures.definitions import FIGURES
from fusus_portal.oversight.figures.models import CountedDay
from tests.oversight.figures import recount
from tests.oversight.figures.days import Days
from tests.oversight.figures.entries import of_incidents

pytestmark = pytest.mark.django_db(transaction=True)

CRIMES = ("burglary", "robbery", "missing-person", "theft")
AREAS = ("35203", "35205", "35211")
PREMISES = ("home", "business", "other")
CONDITIONS = ("pause", "radius", "hours", "assigned")
EVENTS = sorted({event for figure in FIGURES for event in figure.events})
BESIDE = (Event.REQUEST_DECLINED, Event.REQUEST_REMINDED, Event.DEVICE_CAMERA_CONNECTED, Event.INCIDENT_VIEWED)


def busy(day_random: Random) -> None:
    """Write a day of all kinds of acts, and of some that no figure counts."""
    for event in (*EVENTS, *BESIDE):
        for _kind in range(day_random.randint(0, 3)):
            facts: dict[str, int | str] | None = (
                {"condition": day_random.choice(CONDITIONS)} if event == Event.VIEW_REFUSED else None
            )
            if event == Event.CAMERA_SHOWN and day_random.random() < 0.5:
                facts = {"count": day_random.randint(1, 9)}
            of_incidents(
                event,
                day_random.randint(1, 8),
                each=day_random.randint(1, 2),
                crime=day_random.choice(CRIMES),
                premises=day_random.choice(PREMISES),
                area=day_random.choice(AREAS),
                facts=facts,
            )


def exported(folder: Path) -> recount.Recount:
    """Return the figures as the independent program counts them."""
    export.export(folder=folder, by=AT_THE_SERVER)
    return recount.Recount(folder, settings.TIME_ZONE)


def first_of_last_month(today: date) -> date:
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def test_every_figure_of_a_month_and_what_follows_it(days: Days, administrator: User, tmp_path: Path) -> None:
    random = Random(18)  # noqa: S311
    first = first_of_last_month(days.today)
    last = days.today.replace(day=1) - timedelta(days=1)
    chosen = [first, first + timedelta(days=1), first + timedelta(days=9), last - timedelta(days=3), last]
    for day in chosen:
        busy(random)
        days.end(day)
    services.count_finished_days()
    services.release_figures(by=administrator)
    days.log.seal()
    report = Client().get(reverse("figures_json")).json()
    shown = {figure["key"] for figure in report["figures"]}
    assert len(shown) >= len(FIGURES) - 4
    assert any(month["by"] for figure in report["figures"] for month in figure["months"])
    assert any(month["rest"] for figure in report["figures"] for month in figure["months"])
    independent = exported(tmp_path / "export")
    assert recount.differences(independent, report) == []
    newest = CountedDay.objects.latest("day")
    assert independent.checkpoint(newest.day) == (newest.size, newest.root)
    assert report["checkpoint"] == {"size": newest.size, "root": newest.root}


def test_the_program_runs_alone_and_names_what_differs(days: Days, administrator: User, tmp_path: Path) -> None:
    of_incidents(Event.CANVASS_SENT, 7)
    days.end(days.ago(1))
    services.count_finished_days()
    services.release_figures(by=administrator)
    days.log.seal()
    exported(tmp_path / "export")
    report = Client().get(reverse("figures_json")).json()
    file = tmp_path / "report.json"
    command = [sys.executable, "-I", recount.__file__, str(tmp_path / "export"), str(file), settings.TIME_ZONE]
    for number, said in ((7, "All figures come out the same.\n"), (8, "differs: canvasses of all time\n")):
        next(each for each in report["figures"] if each["key"] == "canvasses")["total"] = number
        file.write_text(json.dumps(report), encoding="utf-8")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.stdout, done.returncode) == (said, int(number == 8))


def test_it_knows_every_figure_and_imports_nothing_of_ours() -> None:
    assert {*recount.COUNTS, "unconnected"} == {figure.key for figure in FIGURES}
    source = Path(recount.__file__).read_text(encoding="utf-8")
    assert not any(f"{package}" in source for package in ("django", "fusus_portal.", "from audit", "from tests"))
