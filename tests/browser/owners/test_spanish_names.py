"""Names that the portal keeps in English, as a Spanish reader finds them: the same on each page and in the mail."""

from functools import partial

import pytest
from django.urls import reverse

from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.notifications.channels.email_channel import preview
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from registry.canvasses.links import token_for
from registry.incidents.models import Incident
from tests.browser.conftest import OpenWindow
from tests.factories import person, registrant_at, request_at

pytestmark = pytest.mark.browser

OFFICE = "la Oficina del Sheriff del Condado de Jefferson"


@pytest.mark.parametrize("office", [OFFICE, ""])
def test_place_badge_and_office_read_right_on_every_page_and_in_the_mail(office: str, open_window: OpenWindow) -> None:
    Agency.objects.update(name_es=office)
    owner = registrant_at(user=person(language="es"), language="es")
    asked = request_at("sent", registrant=owner)
    Incident.objects.update(place="2000 block of 11th Ave S")
    badge = asked.canvass.asker.pseudonym.replace("Deputy", "Agente")
    named = office or Agency.current().name
    window = open_window("owner", language="es")
    pages = {}
    window.open(f"/requests/{token_for(asked)}/")
    window.looks()
    pages["reply"] = window.page.locator("body").inner_text()
    window.is_signed_in_as(owner.user)
    for name in ("profile", "own_requests", "looks"):
        window.open(reverse(name))
        pages[name] = window.page.locator("body").inner_text()
    kind = MessageKind.FOOTAGE_REQUEST
    words = partial(kind_of(kind).build, {"request": str(asked.pk)})
    pages["mail"] = preview(kind=kind, language="es", build=words).text
    said = {name for name, text in pages.items() if "cuadra 2000 de 11th Ave S" in text}
    assert said == {"reply", "profile", "own_requests", "mail"}
    assert {name for name, text in pages.items() if badge in text} == {"reply", "profile", "looks", "mail"}
    assert {name for name, text in pages.items() if named in text} == {*pages}
    for wrong in ("block of", "Deputy ", "La oficina Jefferson", "la oficina la", "oficina Jefferson"):
        assert [name for name, text in pages.items() if wrong in text] == []
