"""A "rather not" in a quiet hour can't be told from a filler, by the public nor by an owner with entries around it.

And fillers are in no figure: each page says the same with them and without.
"""

import io
import json
import re
import zipfile
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.ledger.models import Publication
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.figures import selectors, services
from fusus_portal.oversight.figures.definitions import FIGURES
from fusus_portal.oversight.figures.selectors import Span
from registry.canvasses.links import token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import canvasses
from registry.places.models import Camera
from registry.registrants.models import Registrant
from tests.audit.ledger.proofs import head_of, read_proof
from tests.factories import draft_of, incident_at, registrant_at
from tests.oversight.figures.days import Days
from tests.people import sign_in
from tests.sealed_log import SealedLog
from tests.site.test_nothing_moves import look_at_all

pytestmark = pytest.mark.django_db(transaction=True)

NOT_COUNTED = 300
"""Fillers of a test: more than a bundle holds."""


class Seen(NamedTuple):
    """Knowledge of an owner who pads an hour with two entries of their own around the moment in question.

    grown: places by which the public tree grew. places, numbers: between the two receipts, in the tree and in the log.
    held: what the checkpoint of each receipt says of its size, beside the public one's.
    """

    grown: int
    places: int
    numbers: int
    held: set[int]


@pytest.fixture
def watcher(sealed_log: SealedLog) -> Registrant:
    """An owner who wants to know what a neighbor answers."""
    return registrant_at()


@pytest.fixture
def days(sealed_log: SealedLog) -> Days:
    """The days of the log."""
    made = Days(sealed_log)
    made.dated = 0
    return made


@pytest.fixture
def asked(watcher: Registrant, deputy: User, sealed_log: SealedLog) -> list[FootageRequest]:
    """Two requests to neighbors."""
    neighbors = [registrant_at(), registrant_at()]
    canvass = canvasses.send(canvass=draft_of(incident_at(by=deputy)), by=deputy)
    return list(FootageRequest.objects.filter(canvass=canvass, registrant__in=neighbors))


def decline(request: FootageRequest) -> None:
    """Say "rather not" by the link."""
    answer = Client().post(reverse("reply_decline", args=[token_for(request)]))
    assert answer.status_code == 302


def own_entry(watcher: Registrant) -> AuditEntry:
    """Pause or resume the watcher's camera, over HTTP; return the entry."""
    camera = Camera.objects.get(premises__registrant=watcher)
    act = "camera_resume" if camera.paused_at else "camera_pause"
    assert sign_in(watcher.user).post(reverse(act, args=[camera.pk])).status_code == 302
    return AuditEntry.objects.filter(camera_id=str(camera.pk)).latest("pk")


def receipt_of(watcher: Registrant, entry: AuditEntry) -> str:
    """Return the watcher's receipt as it is handed over."""
    address = reverse("look_receipt", args=[entry.camera_id, entry.camera_number])
    response = sign_in(watcher.user).get(address)
    assert response.status_code == 200
    return response.content.decode()


def hour_with(watcher: Registrant, sealed_log: SealedLog, *, declined: FootageRequest | None, fillers: int) -> Seen:
    """Let an hour go by in which somebody declines, or nobody; return what the watcher can know of it."""
    before = Publication.objects.latest("size").size
    first = own_entry(watcher)
    if declined:
        decline(declined)
    sealed_log.seal(fillers=fillers)
    last = own_entry(watcher)
    sealed_log.seal_and_publish()
    public = Publication.objects.latest("size").size
    texts = [receipt_of(watcher, entry) for entry in (first, last)]
    one, other = (read_proof(text) for text in texts)
    said = [json.loads(proof.entry) for proof in (one, other)]
    held = {head_of(text, sealed_log.signer.verifier).size - public for text in texts}
    return Seen(public - before, other.index - one.index, said[1]["id"] - said[0]["id"], held)


def test_before_publication_an_owner_learns_neither_place_nor_size(
    watcher: Registrant, asked: list[FootageRequest], sealed_log: SealedLog
) -> None:
    sealed_log.seal_and_publish()
    public = look_at_all()
    seen = []
    for act in (None, asked[0]):
        entry = own_entry(watcher)
        if act:
            decline(act)
        sealed_log.seal()
        browser = sign_in(watcher.user)
        receipt = browser.get(reverse("look_receipt", args=[entry.camera_id, entry.camera_number]))
        assert receipt.status_code == 409
        page = browser.get(reverse("looks")).content.decode()
        assert f'{entry.camera_number}"' not in "".join(re.findall(r'href="[^"]*receipt[^"]*"', page))
        seen.append((receipt.status_code, _sentence(receipt.content.decode())))
    assert seen[0] == seen[1]
    assert look_at_all() == public


def test_a_day_with_a_decline_has_the_figures_of_one_without(
    asked: list[FootageRequest], administrator: User, days: Days
) -> None:
    """No figure depends on a decline, nor on anything that follows from it: public figures and raw counts are equal."""
    days.end(days.ago(2))
    decline(asked[0])
    days.end(days.ago(1))
    services.count_finished_days()
    services.release_figures(by=administrator)
    counted = services.kept_counts([days.ago(2), days.ago(1)])
    assert counted[days.ago(2)]["asked"].number == 3
    assert counted[days.ago(1)] == {}
    assert {event for figure in FIGURES for event in figure.events}.isdisjoint(AFTER_A_DECLINE)


AFTER_A_DECLINE = {
    Event.REQUEST_DECLINED,
    Event.REQUEST_REMINDED,
    Event.REQUEST_WITHDRAWN,
    Event.REQUEST_EXPIRED,
    Event.UPLOAD_REMOVED,
    Event.MESSAGE_SENT,
}
"""Events that a decline leaves in the log, and those that happen or stay away because of it."""


def _sentence(page: str) -> str:
    found = re.search(r"The receipt will be ready[^<]*", page)
    assert found
    return found[0]


def test_after_publication_a_decline_looks_like_one_filler_more(
    watcher: Registrant, asked: list[FootageRequest], sealed_log: SealedLog
) -> None:
    sealed_log.seal_and_publish()
    with_decline = hour_with(watcher, sealed_log, declined=asked[0], fillers=4)
    without = hour_with(watcher, sealed_log, declined=None, fillers=5)
    assert with_decline == without
    assert without.held == {0}


def test_the_watcher_would_see_it_without_fillers(
    watcher: Registrant, asked: list[FootageRequest], sealed_log: SealedLog
) -> None:
    """Without fillers a decline shows: the tree has one place more."""
    sealed_log.seal_and_publish()
    with_decline = hour_with(watcher, sealed_log, declined=asked[0], fillers=0)
    without = hour_with(watcher, sealed_log, declined=None, fillers=0)
    assert with_decline == (without.grown + 1, without.places + 1, without.numbers + 1, {0})


def test_no_figure_counts_them(
    watcher: Registrant, asked: list[FootageRequest], deputy: User, auditor: User, sealed_log: SealedLog
) -> None:
    """Looking at the log is an entry as well, so the auditor asks for what is known of one request."""
    decline(asked[0])
    sealed_log.seal_and_publish()
    public, before = look_at_all(), figures(watcher, asked[0], deputy, auditor)
    newest = AuditEntry.objects.latest("pk").pk
    sealed_log.seal(fillers=NOT_COUNTED)
    assert figures(watcher, asked[0], deputy, auditor) == before
    assert look_at_all() == public
    sealed_log.seal_and_publish()
    moved = {address for address, seen in look_at_all().items() if seen != public[address] and "/tile/" not in address}
    assert moved == {reverse(name) for name in ("ledger_checkpoint", "transparency")}
    assert figures(watcher, asked[0], deputy, auditor) | PUBLIC_NOW == before | PUBLIC_NOW
    browser = sign_in(auditor)
    for number in range(newest + 1, newest + 10):
        if not AuditEntry.objects.filter(pk=number).exists():
            assert browser.get(reverse("audit_entry", args=[number])).status_code == 404
            assert browser.get(reverse("audit_receipt", args=[number])).status_code == 404


PUBLIC_NOW = {"looks": ""}
"""Pages that change when an hour is published: an owner's page says that anyone can check its entries."""


def figures(watcher: Registrant, request: FootageRequest, deputy: User, auditor: User) -> dict[str, object]:
    """Return what is counted and listed of the log, for everybody who may read of it."""
    about = f"?subject_kind=request&subject={request.pk}"
    desk = sign_in(auditor)
    log = desk.get(reverse("audit") + about).content.decode()
    taken = desk.post(reverse("audit_take") + about, {"form": "csv"}).getvalue()
    return {
        "rows": re.findall(r'<th scope="row">\s*<a href="/console/audit/(\d+)/', log),
        "bars": re.findall(r"<title>[^<]*: \d+</title>", log),
        "counted": re.findall(r"<figcaption>([^<]*)", log),
        "table": zipfile.ZipFile(io.BytesIO(taken)).read("entries.csv"),
        "looks": text_of(sign_in(watcher.user).get(reverse("looks"))),
        **{
            tab: text_of(sign_in(deputy).get(reverse(tab, args=[request.incident_id])))
            for tab in ("incident", "incident_canvasses", "incident_log")
        },
        "hours": text_of(desk.get(reverse("watch_hours"))),
        "public": selectors.counts_by_day([whole_log()]),
    }


def whole_log() -> Span:
    """Return all that is public now as one day, as public figures are counted of it."""
    return Span(timezone.localdate(), 0, Publication.objects.latest("size").size)


def text_of(response: Any) -> str:
    """Return the text of a page."""
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
