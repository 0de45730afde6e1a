"""Promise R4 over HTTP, the other way: nobody of the office answers for an owner, or takes what was not given."""

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from registry.canvasses.links import token_for
from registry.footage.models import Evidence
from registry.footage.selectors import upload_key
from registry.footage.services import uploads
from registry.incidents.services import incidents
from tests.factories import REASON, request_at
from tests.people import sign_in
from tests.registry.footage.footage import begun, ready, sent, video

pytestmark = pytest.mark.django_db

OF_A_FILE = ("evidence", "evidence_stream", "evidence_download", "evidence_place")
OF_A_CASE = {
    "canvass": ("canvass", "canvass_replies", "canvass_sheet"),
    "incident": ("incident", "incident_story", "evidence_list", "incident_replies"),
}


def test_nobody_of_the_office_answers_or_takes_what_was_not_given(deputy: User, supervisor: User) -> None:
    request = request_at("sent", by=deputy)
    incidents.assign(incident=request.incident, user=supervisor, by=supervisor)
    half, whole = sent(begun(request), video()[:1000]), ready(request)
    assert uploads.make_preview(upload=whole.pk)
    secrets = [token_for(request), str(request.pk), whole.name]
    secrets += [secret for file in (half, whole) for secret in (upload_key(file.pk), str(file.pk))]
    for browser in (sign_in(deputy), sign_in(supervisor)):
        assert browser.get(reverse("answer", args=[request.pk])).status_code == 403
        for name in OF_A_FILE:
            for pk in (half.pk, whole.pk, request.pk):
                address = reverse(name, args=[pk])
                assert browser.get(address).status_code == 404
                assert browser.post(address, {"reason": REASON, "act": "download"}).status_code in {404, 405}
        for about, names in OF_A_CASE.items():
            for name in names:
                page = browser.get(reverse(name, args=[getattr(request, f"{about}_id")])).content.decode()
                assert [secret for secret in secrets if secret in page] == []
    request.refresh_from_db()
    assert request.state == "sent"
    assert not Evidence.objects.exists()


def test_a_person_who_guesses_a_link_finds_nothing(deputy_client: Client, deputy: User) -> None:
    request = request_at("sent", by=deputy)
    for guess in (str(request.pk), request.number, "A" * 51):
        for name in ("reply_none", "reply_decline", "reply_footage"):
            assert deputy_client.post(reverse(name, args=[guess])).status_code == 404
    request.refresh_from_db()
    assert request.state == "sent"
