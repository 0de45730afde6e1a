"""Two tabs at once, each in a session of its own, and one effect."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.agency.selectors import sharing_terms
from integration.sharing import services
from integration.sharing.models import SharingAgreement, SharingMode, SharingPause, SharingRule
from integration.sharing.selectors import current_agreement
from integration.sharing.services import Wish
from tests.integration.cores.devices import business_at
from tests.integration.sharing.consent import connected, owner_of, signed
from tests.registry.entries import entries_of
from tests.registry.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_signatures_one_is_in_force() -> None:
    business, terms = business_at(), sharing_terms().pk

    def sign() -> SharingAgreement:
        return services.sign_agreement(
            registrant=business, by=business.user, document=terms, signer="Rosa Diaz", title="Manager"
        )

    first, second = at_once(sign, sign)
    assert isinstance(first, SharingAgreement)
    assert isinstance(second, SharingAgreement)
    assert SharingAgreement.objects.filter(replaced_at__isnull=True).get() == current_agreement(business)


def test_the_first_rule_of_a_camera_is_one_row() -> None:
    camera = connected()
    by = owner_of(camera).user
    modes = (SharingMode.INCIDENT, SharingMode.ASK)
    answers = at_once(*(lambda mode=mode: services.set_rule(camera=camera, by=by, wish=Wish(mode)) for mode in modes))
    assert all(isinstance(answer, SharingRule) for answer in answers)
    assert SharingRule.objects.get().mode == entries_of(Event.SHARING_RULE_CHANGED)[-1].facts["mode"]


def test_a_pause_that_is_pressed_twice_is_one() -> None:
    business = business_at()
    first, second = at_once(*[lambda: services.pause_sharing(registrant=business, by=business.user)] * 2)
    assert first == second == SharingPause.objects.get()
    assert len(entries_of(Event.SHARING_PAUSED)) == 1


def test_an_agreement_that_is_taken_back_while_it_ends_is_over_once() -> None:
    business = business_at()
    agreement = signed(business)
    at_once(lambda: services.revoke_agreement(agreement=agreement, by=business.user), services.end_due_agreements)
    agreement.refresh_from_db()
    assert agreement.over_at is not None
    assert current_agreement(business) is None


def test_signing_again_while_the_last_one_ends_leaves_one_in_force() -> None:
    business, terms = business_at(), sharing_terms().pk
    old = signed(business)
    long_ago = timezone.now() - timedelta(days=400)
    last_day = timezone.localdate() - timedelta(days=35)
    SharingAgreement.objects.filter(pk=old.pk).update(signed_at=long_ago, ends_on=last_day)

    def sign() -> SharingAgreement:
        return services.sign_agreement(
            registrant=business, by=business.user, document=terms, signer="Rosa Diaz", title="Manager"
        )

    new, _ended = at_once(sign, services.end_due_agreements)
    assert isinstance(new, SharingAgreement)
    assert current_agreement(business) == new
