"""Promise I6: an active CORE that does not work is replaced free of charge, with its cameras and its year."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.notifications.models import Message
from integration.cores.models import Core, DeviceCamera
from registry.registrants.models import Registrant
from shop.connections.models import Subscription
from shop.connections.services import subscriptions
from shop.payments.models import Refund
from shop.returns.selectors import quote_of_core
from shop.warranty import services
from shop.warranty.models import Claim
from shop.warranty.states import ClaimState
from tests.factories import person
from tests.integration.cores.devices import core_at, in_stock, owner_of
from tests.people import sign_in
from tests.shop.returns.returned import accepted, begun, bought, received, snap
from tests.shop.warranty.claimed import approved, claim_at, declinable, opened, owner_in, replaced, works
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1)


def test_cameras_and_the_rest_of_the_year_go_to_the_other_core() -> None:
    core = bought()
    before = Subscription.objects.get(core=core)
    days = before.terms.values_list("starts_on", "ends_on", "fee")
    claim, issued = replaced(approved(opened(core)))
    assert claim.replacement == issued.core
    after = Subscription.objects.get(pk=before.pk)
    assert (after.core, list(after.terms.values_list("starts_on", "ends_on", "fee"))) == (issued.core, list(days))
    works(issued)
    claim.refresh_from_db()
    assert claim.state == ClaimState.OLD_UNIT_DUE
    assert Subscription.objects.count() == 1
    assert not Refund.objects.exists()


def test_cameras_are_behind_the_other_one() -> None:
    claim, issued = replaced()
    assert DeviceCamera.objects.filter(core=issued.core, removed_at__isnull=True).count() == 1
    assert Core.objects.get(pk=claim.core_id).state == "returning"


def test_the_other_core_has_the_worth_and_the_old_one_none() -> None:
    core = bought()
    worth = quote_of_core(core)
    claim, issued = replaced(approved(opened(core)))
    new = works(issued)
    assert quote_of_core(claim.core) is None
    found = quote_of_core(new)
    assert worth is not None
    assert found is not None
    assert (found.item, found.expected) == (worth.item, worth.expected)
    back = accepted(received(begun(new)))
    assert back.refund == worth.expected


def test_a_claim_about_what_is_theirs_and_active_is_never_declined() -> None:
    with pytest.raises(Stale, match="theirs and active"):
        services.decline_claim(claim=opened(), by=person("clerk"), reason="It is old")
    with pytest.raises(Stale, match="already"):
        services.decline_claim(claim=approved(), by=person("clerk"), reason="It is old")
    claim = services.decline_claim(claim=declinable(), by=person("clerk"), reason="It is on its way back")
    assert claim.state == ClaimState.DECLINED


def test_the_warranty_ends_with_the_connection() -> None:
    core = bought()
    subscriptions.cancel_now(core=core, by=owner_of(core))
    with pytest.raises(Stale, match="active"):
        opened(core)


def test_one_claim_at_a_time_and_only_of_ones_own() -> None:
    claim = opened()
    with pytest.raises(Stale, match="already"):
        opened(claim.core)
    with pytest.raises(NotYours):
        services.open_claim(core=core_at("active"), by=owner_in(claim), problem="Broken", pictures=[])


def test_only_the_old_core_closes_a_claim() -> None:
    claim = claim_at(ClaimState.OLD_UNIT_DUE)
    with pytest.raises(ValidationError, match="not the CORE that is due"):
        services.receive_old_core(claim=claim, by=person("clerk"), serial="FC4-OTHER")
    done = services.receive_old_core(claim=claim, by=person("clerk"), serial=claim.core.serial)
    assert (done.state, done.received_at is not None) == (ClaimState.CLOSED, True)


def test_an_owner_says_what_is_wrong_and_a_clerk_takes_care_of_it() -> None:
    core = bought()
    browser, clerk = sign_in(owner_of(core)), sign_in(person("clerk"))
    address = reverse("device_problem", args=[core.pk])
    assert address in browser.get(reverse("device", args=[core.pk])).content.decode()
    assert browser.post(address, {"problem": " "}).status_code == 422
    page = browser.post(address, {"problem": "No light", "picture": [snap()]}, follow=True).content.decode()
    assert "We are reviewing what you wrote" in page
    claim = Claim.objects.get(core=core)
    assert claim.number in clerk.get(reverse("claims_board")).content.decode()
    picture = claim.pictures.get()
    for who, name in ((browser, "warranty_claim_picture"), (clerk, "claim_case_picture")):
        assert who.get(reverse(name, args=[claim.pk, picture.pk])).content.startswith(b"RIFF")
    clerk.post(reverse("claim_approve", args=[claim.pk]))
    new = in_stock(model=core.model)
    code = clerk.post(reverse("claim_replace", args=[claim.pk]), {"serial": new.serial.lower()})
    assert "It is shown on this page only" in code.content.decode()
    assert f'href="{reverse("claim_case", args=[claim.pk])}"' in code.content.decode()
    assert new.serial in browser.get(reverse("warranty_claim", args=[claim.pk])).content.decode()
    done = clerk.post(reverse("claim_do", args=[claim.pk, "receive"]), {"serial": core.serial}, follow=True)
    assert "Closed" in done.content.decode()
    states = Message.objects.filter(subject_id=str(claim.pk)).values_list("context__state", flat=True)
    assert set(states) == {"approved", "replacement_shipped"}


def test_no_page_declines_what_is_theirs_and_active(clerk_client: Client) -> None:
    claim = opened()
    answer = clerk_client.post(reverse("claim_do", args=[claim.pk, "decline"]), {"reason": "It is old"})
    assert answer.status_code == 409
    claim.refresh_from_db()
    assert claim.state == ClaimState.OPENED


def test_another_business_finds_no_claim() -> None:
    claim = opened()
    stranger = sign_in(person("business"))
    assert stranger.get(reverse("warranty_claim", args=[claim.pk])).status_code == 404
    assert stranger.post(reverse("device_problem", args=[claim.core_id]), {"problem": "Broken"}).status_code == 404


def test_a_clerk_finds_the_claims_of_a_business_by_part_of_its_name(clerk_client: Client) -> None:
    numbers = []
    for name in ("Plum Bakery", "Plum Garage", "Other"):
        claim = opened()
        Registrant.objects.filter(claims=claim).update(name=name)
        numbers.append(claim.number)
    page = clerk_client.get(reverse("claims_board"), {"q": "plum"}).content.decode()
    assert [number in page for number in numbers] == [True, True, False]
    assert "No claim like this" in clerk_client.get(reverse("claims_board"), {"q": "Nobody"}).content.decode()


def test_a_number_or_a_serial_leads_to_its_claim(clerk_client: Client) -> None:
    claim, issued = replaced()
    opened()
    for typed in (claim.number.lower().replace("-", " "), claim.core.serial.lower(), issued.core.serial):
        answer = clerk_client.get(reverse("claims_board"), {"q": typed})
        assert answer.headers["Location"] == reverse("claim_case", args=[claim.pk])


def test_closed_claims_are_found_by_their_state_or_their_number_alone(clerk_client: Client) -> None:
    over, still_open = claim_at("old_unit_due"), opened()
    services.receive_old_core(claim=over, by=person("clerk"), serial=over.core.serial)
    page = clerk_client.get(reverse("claims_board")).content.decode()
    assert (over.number in page, still_open.number in page) == (False, True)
    page = clerk_client.get(reverse("claims_board"), {"state": "closed"}).content.decode()
    assert (over.number in page, still_open.number in page) == (True, False)
    answer = clerk_client.get(reverse("claims_board"), {"q": over.number})
    assert answer.headers["Location"] == reverse("claim_case", args=[over.pk])
