"""A person changes their e-mail address: waiting mails go to the new one, and the old one is forgotten."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.models import Message
from registry.people.services import registrants
from registry.registrants.models import Registrant
from tests.accounts.codes import mailed_code
from tests.factories import request_at

pytestmark = pytest.mark.django_db
NEW = "ana.new@people.example"


def test_what_has_not_left_goes_to_the_new_address_and_leaving_leaves_neither(
    registrant: Registrant,
    resident: User,
    resident_client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    old = resident.email
    request_at("none", registrant=registrant)
    waiting = Message.objects.filter(to=old).count()
    assert waiting
    with django_capture_on_commit_callbacks(execute=True):
        resident_client.post(reverse("account_email"), {"email": NEW, "action_add": ""})
    resident_client.post(reverse("account_email_verification_sent"), {"code": mailed_code()})
    resident.refresh_from_db()
    assert resident.email == NEW
    assert (Message.objects.filter(to=old).count(), Message.objects.filter(to=NEW).count()) == (0, waiting)
    registrants.leave(registrant=registrant, by=resident)
    assert [message.kind for message in Message.objects.filter(to__in=[old, NEW])] == ["registration_ended"]
