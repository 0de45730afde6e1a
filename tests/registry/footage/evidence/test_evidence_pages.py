"""Evidence in the console: a reason, an entry, then the picture."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditDetail, AuditEntry
from fusus_portal.ground.accounts.models import User
from registry.canvasses.links import link_actor
from registry.footage.models import Evidence
from registry.footage.services import custody, uploads
from tests.factories import request_at
from tests.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

FOOTAGE = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 40
WHY = "Look for the plate of the grey van at the corner"


@pytest.fixture
def given(deputy: User) -> Evidence:
    """One file that an owner gave."""
    request = request_at("sent", by=deputy)
    holder = link_actor(request)
    upload = uploads.create(request=request, name="door.mp4", size=len(FOOTAGE), content_type="video/mp4", by=holder)
    uploads.append(upload=upload, offset=0, stream=BytesIO(FOOTAGE), by=holder)
    uploads.give(request=request, files=[upload.pk], by=holder)
    received = custody.receive(upload=upload.pk)
    assert received is not None
    return received


def address(name: str, given: Evidence) -> str:
    return reverse(name, args=[given.pk])


def body(client: Client, path: str, **headers: str) -> bytes:
    answer = client.get(path, headers=headers)
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def test_nothing_is_played_before_a_reason_is_given(given: Evidence, deputy_client: Client) -> None:
    page = deputy_client.get(address("evidence", given)).content.decode()
    assert "<video" not in page
    assert deputy_client.get(address("evidence_stream", given)).status_code == 403
    assert not AuditEntry.objects.filter(event="registry:evidence:view").exists()


def test_opening_its_page_is_an_entry(given: Evidence, deputy: User, deputy_client: Client) -> None:
    deputy_client.get(address("evidence", given))
    entry = AuditEntry.objects.get(event="registry:evidence:open")
    assert (entry.subject_id, entry.actor_id) == (str(given.pk), str(deputy.pk))


def test_a_reason_opens_the_player_after_its_entry(given: Evidence, deputy: User, deputy_client: Client) -> None:
    page = deputy_client.post(address("evidence", given), {"reason": WHY, "act": "view"}, follow=True).content.decode()
    assert "<video" in page
    entry = AuditEntry.objects.get(event="registry:evidence:view")
    assert (entry.subject_id, entry.actor_id) == (str(given.pk), str(deputy.pk))
    assert AuditDetail.objects.get(digest=bytes(entry.reason_digest or b"")).text == WHY
    assert body(deputy_client, address("evidence_stream", given), Range="bytes=100-299") == FOOTAGE[100:300]


def test_a_reason_that_says_nothing_opens_nothing(given: Evidence, deputy_client: Client) -> None:
    answer = deputy_client.post(address("evidence", given), {"reason": "police business", "act": "view"})
    assert "This does not say why." in answer.content.decode()
    assert answer.context["form"]["reason"].value() == "police business"
    assert deputy_client.get(address("evidence_stream", given)).status_code == 403


def test_downloading_is_an_act_of_its_own(given: Evidence, deputy_client: Client) -> None:
    answer = deputy_client.post(address("evidence", given), {"reason": WHY, "act": "download"})
    assert answer.headers["Location"] == address("evidence_download", given)
    assert body(deputy_client, address("evidence_download", given)) == FOOTAGE
    assert AuditEntry.objects.filter(event="registry:evidence:download").count() == 1
    assert deputy_client.get(address("evidence_stream", given)).status_code == 403


def test_it_is_not_there_for_a_deputy_who_is_not_assigned(given: Evidence, other_deputy_client: Client) -> None:
    assert other_deputy_client.get(address("evidence", given)).status_code == 404
    answer = other_deputy_client.post(address("evidence", given), {"reason": WHY, "act": "view"})
    assert answer.status_code == 404
    assert not AuditEntry.objects.filter(event="registry:evidence:view").exists()


def test_leave_of_one_sign_in_opens_nothing_in_another(given: Evidence, deputy: User, deputy_client: Client) -> None:
    deputy_client.post(address("evidence", given), {"reason": WHY, "act": "view"})
    elsewhere = sign_in(deputy)
    session = elsewhere.session
    session["footage_tickets"] = deputy_client.session["footage_tickets"]
    session.save()
    assert elsewhere.get(address("evidence_stream", given)).status_code == 403


def test_its_custody_names_each_look(given: Evidence, deputy: User, deputy_client: Client) -> None:
    deputy_client.post(address("evidence", given), {"reason": WHY, "act": "view"})
    custody = deputy_client.get(address("evidence", given)).context["custody"]
    assert [moment.text for moment in custody] == [
        "The portal received a file as evidence",
        f"{deputy.pseudonym} played the footage",
    ]
