"""A business that leaves: its agreement ends at once, stays without it, is said to stay, and goes in the end."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.models import Message
from integration.cores.services import cameras, cores
from integration.rules import AGREEMENT_KEPT
from integration.sharing import services
from integration.sharing.models import SharingAgreement, SharingPause, SharingRule
from integration.sharing.presenters import paper_of
from registry.people.selectors import Holdings, holdings_of
from registry.people.services import registrants
from registry.registrants.models import Registrant
from tests.factories import person
from tests.integration.cores.devices import CERTIFICATE, business_at
from tests.integration.sharing.consent import connected, owner_of, signed
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db


def test_the_page_says_what_stays_why_and_until_when(business: User, business_client: Client) -> None:
    registrant = business_at(user=business)
    signed(registrant)
    signed(registrant)
    page = business_client.get(reverse("leave")).content.decode()
    assert "2 sharing agreements that your business signed" in page
    until = timezone.localdate() + AGREEMENT_KEPT
    assert f"{until.day}, {until.year}" in page
    answer = business_client.post(reverse("leave"), follow=True).content.decode()
    assert "2 sharing agreements that your business signed" in answer


def test_without_an_agreement_there_is_no_such_line() -> None:
    held = holdings_of(business_at())
    assert held.others == ()
    assert Holdings.of_facts(held.facts()) == held


def test_the_receipt_survives_as_text_and_numbers() -> None:
    business = business_at()
    signed(business)
    held = holdings_of(business)
    assert Holdings.of_facts(held.facts()) == held


def test_leaving_takes_the_agreement_back_and_keeps_it_for_its_time() -> None:
    business = business_at()
    agreement = signed(business)
    services.pause_sharing(registrant=business, by=business.user)
    registrants.leave(registrant=business, by=business.user)
    agreement.refresh_from_db()
    assert agreement.registrant is None
    assert agreement.revoked_at is not None
    assert agreement.party == "Vulcan Hardware"
    assert len(entries_of(Event.SHARING_REVOKED, agreement)) == 1
    assert not SharingPause.objects.exists()
    assert "signed_agreements" in str(Message.objects.get(kind="registration_ended").context["others"])
    assert services.forget_due_agreements() == 0
    with time_machine.travel(timezone.now() + AGREEMENT_KEPT + timedelta(days=1), tick=False):
        assert services.forget_due_agreements() == 1
    assert not SharingAgreement.objects.exists()


def test_the_paper_names_the_registration_until_the_business_has_left() -> None:
    business = business_at()
    agreement = signed(business)
    assert paper_of(agreement, of_its_end=False)["facts"][1] == ("Registration number", business.reference)
    registrants.leave(registrant=business, by=business.user)
    agreement.refresh_from_db()
    paper = paper_of(agreement, of_its_end=True)
    assert [term for term, _ in paper["facts"]][:2] == ["Business", "Signed by"]
    assert paper["ended"]


def test_what_was_allowed_when_goes_with_the_cameras() -> None:
    camera = connected(mode="incident")
    business: Registrant = owner_of(camera)
    cameras.disconnect(behind=camera, by=business.user)
    core = cores.begin_return(core=camera.core, by=business.user)
    cores.wipe(core=core, by=person("clerk"), certificate=CERTIFICATE)
    services.end_for_leaver(business, business.user.actor)
    assert not SharingRule.objects.exists()
    assert not SharingRule.history.exists()


def test_a_business_that_stays_keeps_its_old_agreements() -> None:
    business = business_at()
    services.revoke_agreement(agreement=signed(business), by=business.user)
    with time_machine.travel(timezone.now() + AGREEMENT_KEPT + timedelta(days=1), tick=False):
        assert services.forget_due_agreements() == 0
