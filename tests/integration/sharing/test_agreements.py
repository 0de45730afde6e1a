"""The sharing agreement: signed, renewed, taken back, reminded of, and over by itself."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency import services as agency
from fusus_portal.ground.agency.models import Document
from fusus_portal.ground.agency.selectors import sharing_terms
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.notifications.models import Message
from integration.sharing import services
from integration.sharing.models import SharingAgreement
from integration.sharing.policies import Asked, failed_condition
from integration.sharing.selectors import current_agreement, rule_of
from tests.factories import person, registrant_at
from tests.integration.cores.devices import business_at
from tests.integration.sharing.consent import connected, owner_of, signed
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db


def renewed_terms() -> Document:
    latest = sharing_terms()
    by, english, spanish = person(Role.ADMINISTRATOR), latest.text_en + " x", latest.text_es + " x"
    return agency.publish_document(by=by, kind="sharing", number=latest.number + 1, text_en=english, text_es=spanish)


def test_signing_says_who_what_and_until_when() -> None:
    business = business_at()
    with translation.override("es"):
        agreement = signed(business)
    assert (agreement.party, agreement.signer, agreement.title) == ("Vulcan Hardware", "Rosa Diaz", "Manager")
    assert agreement.language == "es"
    assert agreement.ends_on == timezone.localdate() + timedelta(days=365)
    (entry,) = entries_of(Event.SHARING_SIGNED, agreement)
    assert entry.facts == {"version": 2, "ends_on": agreement.ends_on.isoformat()}
    assert "Rosa" not in str(entry.facts)


def test_renewing_is_another_signature_in_the_place_of_the_first() -> None:
    business = business_at()
    first = signed(business)
    second = signed(business)
    first.refresh_from_db()
    assert first.replaced_at is not None
    assert current_agreement(business) == second
    assert entries_of(Event.SHARING_SIGNED, second)[0].facts["replaces"] == str(first.pk)


def test_nobody_signs_what_they_have_not_read() -> None:
    business = business_at()
    read = sharing_terms().pk
    renewed_terms()
    with pytest.raises(Stale, match="newer version"):
        services.sign_agreement(
            registrant=business, by=business.user, document=read, signer="Rosa Diaz", title="Manager"
        )
    with pytest.raises(Stale):
        services.sign_agreement(registrant=business, by=business.user, document=uuid4(), signer="Rosa", title="Manager")
    assert not SharingAgreement.objects.exists()


@pytest.mark.parametrize(("signer", "title", "field"), [(" ", "Manager", "signer"), ("Rosa", "", "title")])
def test_a_signature_has_name_and_position(signer: str, title: str, field: str) -> None:
    business = business_at()
    with pytest.raises(ValidationError) as refused:
        services.sign_agreement(
            registrant=business, by=business.user, document=sharing_terms().pk, signer=signer, title=title
        )
    assert set(refused.value.message_dict) == {field}


def test_only_a_business_signs_and_only_for_itself(resident: User, other_business: User) -> None:
    home = registrant_at(user=resident)
    with pytest.raises(Refused, match="Businesses keep their own COREs"):
        services.sign_agreement(
            registrant=home, by=resident, document=sharing_terms().pk, signer="Ana Rivera", title="Owner"
        )
    business = business_at()
    agreement = signed(business)
    with pytest.raises(NotYours):
        services.sign_agreement(
            registrant=business, by=other_business, document=sharing_terms().pk, signer="Eve", title="Owner"
        )
    with pytest.raises(NotYours):
        services.revoke_agreement(agreement=agreement, by=other_business)


def test_taking_it_back_stops_everything_at_once_and_once() -> None:
    camera = connected(mode="incident")
    business = owner_of(camera)
    agreement = signed(business)
    assert failed_condition(Asked(rule_of(camera), current_agreement(business), None, timezone.now())) is None
    services.revoke_agreement(agreement=agreement, by=business.user)
    answer = failed_condition(Asked(rule_of(camera), current_agreement(business), None, timezone.now()))
    assert answer is not None
    assert answer.sentence == "No sharing agreement is in force."
    services.revoke_agreement(agreement=agreement, by=business.user)
    assert len(entries_of(Event.SHARING_REVOKED, agreement)) == 1


def test_what_was_shared_just_then_is_not_shared_again_by_the_next_signature() -> None:
    camera = connected(mode="ask")
    business = owner_of(camera)
    agreement = signed(business)
    services.share_now(camera=camera, by=business.user, hours=8)
    services.revoke_agreement(agreement=agreement, by=business.user)
    assert len(entries_of(Event.SHARING_STOPPED)) == 1
    signed(business)
    answer = failed_condition(Asked(rule_of(camera), current_agreement(business), None, timezone.now()))
    assert answer is not None
    assert answer.name == "shared now"


def test_one_that_was_renewed_is_not_taken_back() -> None:
    business = business_at()
    first = signed(business)
    signed(business)
    with pytest.raises(Stale, match="already ended"):
        services.revoke_agreement(agreement=first, by=business.user)


def test_the_signer_is_reminded_once_and_the_end_is_told() -> None:
    business = business_at()
    agreement = signed(business)
    assert services.remind_of_agreements() == 0
    with time_machine.travel(timezone.now() + timedelta(days=340), tick=False):
        assert services.remind_of_agreements() == 1
        assert services.remind_of_agreements() == 0
        assert services.end_due_agreements() == 0
    with time_machine.travel(timezone.now() + timedelta(days=365), tick=False):
        assert services.end_due_agreements() == 0  # the last day counts to its end
    with time_machine.travel(timezone.now() + timedelta(days=366), tick=False):
        assert services.end_due_agreements() == 1
        assert services.end_due_agreements() == 0
    agreement.refresh_from_db()
    assert agreement.ended_at is not None
    assert current_agreement(business) is None
    kinds = list(Message.objects.filter(to=business.user.email).order_by("queued_at").values_list("kind", flat=True))
    assert kinds[-2:] == ["sharing_ending", "sharing_ended"]
    assert len(entries_of(Event.SHARING_REMINDED, agreement)) == 1
    assert len(entries_of(Event.SHARING_ENDED, agreement)) == 1


def test_it_counts_no_more_after_its_last_day_even_while_the_task_has_not_run() -> None:
    camera = connected(mode="incident")
    business = owner_of(camera)
    signed(business)
    with time_machine.travel(timezone.now() + timedelta(days=366), tick=False):
        assert current_agreement(business) is not None
        assert failed_condition(Asked(rule_of(camera), current_agreement(business), None, timezone.now()))


def test_the_messages_name_the_day_and_lead_to_the_page() -> None:
    business = business_at(language="es")
    signed(business)
    with time_machine.travel(timezone.now() + timedelta(days=340), tick=False):
        services.remind_of_agreements()
    message = Message.objects.filter(kind="sharing_ending").get()
    assert message.language == "es"
    assert set(message.context) == {"agreement"}
