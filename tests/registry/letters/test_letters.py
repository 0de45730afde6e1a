"""A letter with a code: asked for, typed or scanned, five tries, and not too many of them."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.numbers import ALPHABET
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.states import LoadState
from registry.letters import policies, services
from registry.letters.models import Letter
from registry.letters.states import LetterState
from registry.limits.models import Limits
from registry.limits.services import change as change_limits
from registry.people.services import moves
from registry.places.models import Confirmation, ConfirmedBy, Premises
from registry.places.selectors import is_confirmed
from registry.places.services import cameras, premises
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant
from registry.rules import LETTER_EVERY, LETTER_LIFE, LETTER_TRIES, LETTERS_OF_ONE
from tests.factories import CAPITOL, LINN_PARK, north_of, place_at, registrant_at
from tests.registry.entries import entries_of
from tests.registry.letters.post import asked, know_addresses, printed, sent

pytestmark = pytest.mark.django_db

WRONG = "00000-00000"


def make_world() -> Registrant:
    """Return somebody at an address that the county knows."""
    know_addresses()
    return registrant_at()


@pytest.fixture
def registrant(world: Registrant) -> Registrant:
    return world


@pytest.fixture
def resident(world: Registrant) -> User:
    """Their account."""
    return world.user


@pytest.fixture
def place(registrant: Registrant) -> Premises:
    return registrant.premises.get()


def another_place(registrant: Registrant, number: int) -> Premises:
    """Add one more place to a registration."""
    address = replace(place_at(LINN_PARK).address, street=f"{600 + number} 20th Street North")
    there = place_at(north_of(LINN_PARK, 10 * number), address=address)
    added = premises.add(registrant=registrant, by=registrant.user, place=there)
    cameras.add(premises=added, by=registrant.user, details=CameraDetails("Porch"))
    return added


def enter(registrant: Registrant, code: str) -> Premises:
    return services.enter_code(registrant=registrant, by=registrant.user, code=code)


class TestItsCode:
    def test_it_has_ten_characters_and_none_is_taken_for_another(self) -> None:
        code = policies.fresh_code().replace("-", "")
        assert len(code) == 10
        assert set(code) <= set(ALPHABET)
        assert not set("ILOU") & set(ALPHABET)

    def test_it_confirms_the_place_however_it_is_typed(self, registrant: Registrant, place: Premises) -> None:
        letter, code = sent(registrant)
        assert enter(registrant, f" {code.lower().replace('-', ' ')}") == place
        assert Confirmation.objects.get(premises=place).way == ConfirmedBy.LETTER
        letter.refresh_from_db()
        assert letter.state == LetterState.USED
        assert entries_of(Event.PREMISES_CONFIRMED, place)

    def test_it_is_kept_as_a_salted_digest(self, registrant: Registrant) -> None:
        letter, code = sent(registrant)
        row = Letter.objects.values().get(pk=letter.pk)
        assert code.replace("-", "") not in str(row)
        assert policies.is_code_of(letter, code)

    def test_it_is_used_once(self, registrant: Registrant, deputy: User, place: Premises) -> None:
        _letter, code = sent(registrant)
        enter(registrant, code)
        premises.end_confirmation(premises=place, actor=deputy.actor)
        with pytest.raises(ValidationError):
            enter(registrant, code)
        assert not is_confirmed(place)

    def test_another_person_can_not_use_it(self, registrant: Registrant, other_resident: User) -> None:
        _letter, code = sent(registrant)
        other = registrant_at(user=other_resident)
        with pytest.raises(ValidationError):
            enter(other, code)
        with pytest.raises(NotYours):
            services.enter_code(registrant=registrant, by=other_resident, code=code)
        assert not Confirmation.objects.exists()

    def test_before_a_clerk_opens_its_batch_no_try_counts(self, registrant: Registrant) -> None:
        letter, code = printed(registrant)
        for typed in (WRONG, code):
            with pytest.raises(ValidationError):
                enter(registrant, typed)
        letter.refresh_from_db()
        assert (letter.state, letter.tries) == (LetterState.PRINTED, 0)

    def test_it_ends_after_its_days(self, registrant: Registrant) -> None:
        letter, code = sent(registrant)
        Letter.objects.filter(pk=letter.pk).update(printed_at=timezone.now() - LETTER_LIFE)
        with pytest.raises(ValidationError):
            enter(registrant, code)

    def test_the_fifth_wrong_try_ends_it_and_each_is_an_entry(self, registrant: Registrant, place: Premises) -> None:
        letter, code = sent(registrant)
        for _try in range(LETTER_TRIES):
            with pytest.raises(ValidationError) as wrong:
                enter(registrant, WRONG)
            assert list(wrong.value.message_dict) == ["code"]
        letter.refresh_from_db()
        assert (letter.state, letter.tries) == (LetterState.ENDED, LETTER_TRIES)
        assert len(entries_of(Event.LETTER_REFUSED, letter)) == LETTER_TRIES
        with pytest.raises(ValidationError):
            enter(registrant, code)
        assert not is_confirmed(place)

    def test_before_the_fifth_it_is_still_good(self, registrant: Registrant, place: Premises) -> None:
        _letter, code = sent(registrant)
        for _try in range(LETTER_TRIES - 1):
            with pytest.raises(ValidationError):
                enter(registrant, WRONG)
        enter(registrant, code)
        assert is_confirmed(place)


class TestAsking:
    def test_a_place_gets_one_in_thirty_days(self, registrant: Registrant, place: Premises) -> None:
        with time_machine.travel(timezone.now() - LETTER_EVERY + timedelta(minutes=1), tick=False):
            letter = asked(registrant)
        Letter.objects.filter(pk=letter.pk).update(state=LetterState.ENDED)
        with pytest.raises(Stale, match="You can ask for another"):
            services.ask_letter(premises=place, by=registrant.user)
        with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
            services.ask_letter(premises=place, by=registrant.user)
        assert place.letters.count() == 2

    def test_an_account_gets_three(self, registrant: Registrant) -> None:
        places = [another_place(registrant, number) for number in range(1, LETTERS_OF_ONE + 2)]
        for each in places[:-1]:
            services.ask_letter(premises=each, by=registrant.user)
        with pytest.raises(Stale, match="at most 3 letters"):
            services.ask_letter(premises=places[-1], by=registrant.user)

    def test_a_confirmed_place_needs_none(self, registrant: Registrant, place: Premises, deputy: User) -> None:
        premises.confirm(premises=place, way=ConfirmedBy.DOOR, actor=deputy.actor)
        with pytest.raises(Stale, match="confirmed already"):
            services.ask_letter(premises=place, by=registrant.user)

    def test_a_place_without_a_pin_gets_none(self) -> None:
        StreetData.objects.update(state=LoadState.PREVIOUS)  # the county knew nothing when they registered
        unpinned = registrant_at(None)
        with pytest.raises(Stale, match="Place your pin first"):
            asked(unpinned)

    def test_a_place_without_a_camera_gets_none_as_nobody_would_read_its_entries(self, place: Premises) -> None:
        place.cameras.all().delete()
        with pytest.raises(Stale, match="Add a camera first"):
            services.ask_letter(premises=place, by=place.registrant.user)

    def test_an_address_that_the_county_lacks_gets_none(self) -> None:
        know_addresses()
        unknown = registrant_at()
        Premises.objects.filter(registrant=unknown).update(street="1 You Were Warned Way")
        with pytest.raises(Stale, match="the county's list does not have it"):
            asked(unknown)

    def test_nobody_asks_for_another(self, place: Premises, other_resident: User) -> None:
        with pytest.raises(NotYours):
            services.ask_letter(premises=place, by=other_resident)

    @pytest.mark.parametrize("is_printed", [False, True])
    def test_a_place_that_moves_ends_its_letter(
        self, registrant: Registrant, place: Premises, is_printed: bool
    ) -> None:
        letter = asked(registrant)
        if is_printed:
            services.make_batch()
        moves.move(premises=place, by=registrant.user, place=place_at(LINN_PARK, address=CAPITOL))
        letter.refresh_from_db()
        assert letter.state == LetterState.ENDED


class TestItsPages:
    def test_an_owner_asks_on_the_profile_and_types_the_code(
        self, registrant: Registrant, place: Premises, resident_client: Client
    ) -> None:
        offer = reverse("letter_new", args=[place.pk])
        profile = resident_client.get(reverse("profile")).content.decode()
        assert "Not yet confirmed" in profile
        assert offer in profile
        assert "names nobody" in resident_client.get(offer).content.decode()
        assert resident_client.post(offer)["Location"] == reverse("profile")
        assert offer not in resident_client.get(reverse("profile")).content.decode()
        letter = Letter.objects.get()
        letter.state = LetterState.ENDED
        letter.save()
        Letter.objects.all().update(asked_at=timezone.now() - LETTER_EVERY)
        _letter, code = sent(registrant)
        assert reverse("place_code") in resident_client.get(reverse("profile")).content.decode()
        answer = resident_client.post(reverse("place_code"), {"code": code})
        assert answer["Location"] == reverse("profile")
        assert "Confirmed by a letter with a code." in resident_client.get(reverse("profile")).content.decode()

    def test_one_that_searches_leave_out_is_found_by_none_on_each_page(
        self, registrant: Registrant, place: Premises, administrator: User, resident_client: Client
    ) -> None:
        letter_new = reverse("letter_new", args=[place.pk])
        assert "A search finds your cameras without it too." in resident_client.get(letter_new).content.decode()
        change_limits(by=administrator, revision=Limits.current().revision, leaves_out_unconfirmed=True)
        profile = resident_client.get(reverse("profile")).content.decode()
        assert "Until it is confirmed, no search finds its cameras." in profile
        assert "now. Its place says why." in profile
        assert "can be found by a search" not in profile
        assert "A search finds your cameras" not in resident_client.get(letter_new).content.decode()
        premises.confirm(premises=place, way=ConfirmedBy.DOOR, actor=registrant.user.actor)
        assert "can be found by a search" in resident_client.get(reverse("profile")).content.decode()

    def test_a_scanned_code_waits_for_a_press(
        self, registrant: Registrant, place: Premises, resident_client: Client
    ) -> None:
        _letter, code = sent(registrant)
        page = resident_client.get(reverse("place_code_scanned", args=[code])).content.decode()
        assert f'value="{code}"' in page
        assert not is_confirmed(place)
        assert f'action="{reverse("place_code")}"' in page

    def test_an_owner_who_scans_it_signed_out_comes_back_to_it(self, registrant: Registrant, client: Client) -> None:
        _letter, code = sent(registrant)
        address = reverse("place_code_scanned", args=[code])
        assert quote(address, safe="") in client.get(address)["Location"]

    def test_a_wrong_code_is_said_beside_its_field(self, registrant: Registrant, resident_client: Client) -> None:
        sent(registrant)
        page = resident_client.post(reverse("place_code"), {"code": WRONG})
        assert "This is not the code in a letter to you" in page.content.decode()
        assert Letter.objects.get().tries == 1

    def test_the_reason_is_said_where_no_letter_is_due(
        self, registrant: Registrant, place: Premises, resident_client: Client
    ) -> None:
        asked(registrant)
        page = resident_client.get(reverse("letter_new", args=[place.pk])).content.decode()
        assert "You can ask for another on" in page
        assert "disabled" in page
