"""An owner, a buyer, a business that shares and a deputy, in one story: no two of their pages or mails differ.

Each page is found by following links from where that person begins, so that a new one is read too.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from urllib.parse import urljoin, urlsplit

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils.module_loading import import_string
from pypdf import PdfReader

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.channels.email_channel import letter_of
from fusus_portal.ground.notifications.models import Message
from integration.clips import services as clips
from integration.sharing import services as sharing
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.places.services import cameras
from registry.registrants.models import Registrant
from tests.factories import draft_of, purpose, registrant_at
from tests.integration.clips.clipping import WHY
from tests.integration.cores.devices import business_at
from tests.integration.live.streaming import Scene, scene
from tests.people import sign_in
from tests.repo.sources import ROOT
from tests.shop.orders.orders import drafted, submitted
from tests.shop.parcels.parcels import approved
from tests.shop.returns.returned import begun, core_of, published
from tests.site.said import Reader, Said, contradictions, said_by

pytestmark = pytest.mark.django_db

LEADS_AWAY = re.compile(r"/(logout|static|media|maps|i18n)/|\.(mp4|ts|m3u8|json|csv|zip|ics|jpg)$")
PAGES_AT_MOST = 150
OF_ITS_PAGE = {"Reason", "Printed", "Incident", "Version #, in force from #"}
"""Terms that each page uses for something else: the reason of a canvass is not that of a declaration."""


@dataclass
class Story:
    """The people of the story. deputy, sharer: of an incident with a camera that is seen live."""

    there: Scene
    owner: Registrant
    buyer: Registrant

    @property
    def accounts(self) -> dict[User, str]:
        """The path at which each person begins."""
        return {
            self.owner.user: "/profile/",
            self.buyer.user: "/profile/",
            self.there.owner: "/profile/",
            self.there.deputy: "/console/",
        }

    def contradictions(self) -> dict[str, list[str]]:
        """Return the sentences that somebody reads in two ways."""
        found: dict[str, list[str]] = {}
        for account, begin in self.accounts.items():
            found |= contradictions(walked(sign_in(account), begin) | mailed(account))
        return {words: where for words, where in found.items() if words not in OF_ITS_PAGE}


@pytest.fixture
def story() -> Story:
    """Return an evening: a request, a view, a clip, and a CORE whose bill nobody has paid."""
    published()
    there, owner, buyer = scene(), registrant_at(), business_at()
    core_of(approved(submitted(drafted(owner=buyer))))
    canvass = draft_of(there.incident)
    canvasses.send(canvass=canvass, by=there.deputy)
    there.begin()
    begins = there.incident.starts_at
    clips.ask(
        incident=there.incident,
        camera=there.camera,
        by=there.deputy,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=10),
        purpose=purpose(),
        reason=WHY,
    )
    return Story(there, owner, buyer)


def test_nothing_is_said_in_two_ways_while_all_goes_on(story: Story) -> None:
    assert story.contradictions() == {}


def test_nor_once_all_is_paused_answered_and_returned(story: Story) -> None:
    sharer = story.there.owner
    sharing.pause_sharing(registrant=sharer.registrant, by=sharer)
    cameras.pause_all(registrant=story.owner, by=story.owner.user)
    requests.give(request=FootageRequest.objects.get(registrant=story.owner), by=story.owner.user.actor)
    begun(story.buyer.cores.get())
    assert story.contradictions() == {}


def test_a_page_that_says_otherwise_is_found() -> None:
    page = "<main><p>Your order {} is on account.</p><dl><dt>State</dt><dd>{}</dd></dl></main>"
    said = [said_by(Reader(page.format(*filled)).blocks) for filled in (("O-1 of $5", "Sent"), ("O-1 of $6", "Packed"))]
    assert set(contradictions({"/a/": said[0], "/b/": said[1]})) == {"Your order O-# of # is on account.", "State"}
    assert contradictions({"/a/": said[0], "/b/": said[0]}) == {}


def test_each_function_that_the_decision_names_is_there() -> None:
    page = (ROOT / "docs" / "decisions" / "site" / "one-truth.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z_]+\.[\w.]+)`", page)
    assert len(named) > 20
    assert [name for name in named if not callable(import_string(name))] == []


def walked(client: Client, begin: str) -> dict[str, Said]:
    """Return what each page and paper says that a person's pages lead to."""
    pages, ahead, seen = dict[str, Said](), [begin], {begin}
    while ahead and len(pages) < PAGES_AT_MOST:
        path = ahead.pop(0)
        answer = client.get(path)
        reader = read(answer)
        pages[path] = said_by(reader.blocks)
        for link in (urlsplit(urljoin(path, each)) for each in reader.links):
            if link.netloc in ("", "testserver") and link.path not in seen and not LEADS_AWAY.search(link.path):
                seen.add(link.path)
                ahead.append(link.path)
    assert not ahead, f"more than {PAGES_AT_MOST} pages: {ahead}"
    return pages


def read(answer: HttpResponseBase) -> Reader:
    """Return what can be read of an answer: a page, the text of a PDF, or nothing."""
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code == 200 and kind.startswith("text/html"):
        return Reader(b"".join(answer).decode())
    reader = Reader("")
    if answer.status_code == 200 and kind == "application/pdf":
        content = b"".join(answer)
        reader.blocks += [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    return reader


def mailed(account: User) -> dict[str, Said]:
    """Return what each mail to a person says."""
    mails = dict[str, Said]()
    for message in Message.objects.filter(to=account.email):
        mails[f"mail {message.kind} {message.pk}"] = said_by(letter_of(message).text.split("\n\n"))
    return mails
