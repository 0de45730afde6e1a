"""Words that the auditors' search box understands: deputies, owners, incidents, addresses, numbers, days."""

import pytest

from audit import hooks
from audit.console.search import phrases
from fusus_portal.ground.accounts.models import User
from registry.canvasses.models import FootageRequest
from registry.places.models import Camera
from tests.factories import camera_at, incident_at, registrant_at, request_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def camera() -> Camera:
    return camera_at()


def test_a_deputy_by_badge_by_its_code_and_by_email(deputy: User) -> None:
    code = deputy.pseudonym.rpartition(" ")[2]
    for text in (deputy.pseudonym, deputy.pseudonym.lower(), code, deputy.email):
        [meaning] = phrases.meanings_of(text)
        assert (meaning.said, meaning.actors) == (deputy.pseudonym, (str(deputy.pk),))
    assert phrases.meanings_of(code[:3]) == ()


def test_a_deputy_on_a_day(deputy: User) -> None:
    named, day = phrases.phrases_of(f"{deputy.pseudonym} 2026-11-24")
    assert named.meanings[0].actors == (str(deputy.pk),)
    assert day.meanings[0].since is not None
    assert (named.said, day.said) == (deputy.pseudonym, "Tue, Nov. 24, 2026")


def test_an_owner_by_reference_and_exact_email_only(camera: Camera) -> None:
    registrant = camera.premises.registrant
    [by_reference] = phrases.meanings_of(registrant.reference.lower())
    assert set(by_reference.cameras) == {str(camera.pk), str(registrant.pk)}  # looks at cameras, and at the name
    assert by_reference.actors == (str(registrant.user_id),)
    assert ("registrant", str(registrant.pk)) in by_reference.subjects
    assert by_reference in phrases.meanings_of(registrant.user.email)
    assert phrases.meanings_of(registrant.user.email[1:]) == ()
    assert phrases.meanings_of(registrant.name) == ()


@pytest.mark.parametrize(
    "text",
    ["600 20th Street North", "600 20th st. n.", "600 20th Street North, Birmingham, AL 35203", "600 20TH ST N, 35203"],
)
def test_cameras_by_address_however_it_is_written(text: str, camera: Camera) -> None:
    [meaning] = phrases.meanings_of(text)
    assert meaning.cameras == (str(camera.pk),)
    assert meaning.said.startswith("1 camera at 600")


@pytest.mark.parametrize(
    "text", ["20th Street North", "601 20th Street North", "600 20th Street North, 90210", "600", ""]
)
def test_no_list_of_homes_by_a_part_of_an_address(text: str, camera: Camera) -> None:
    assert phrases.meanings_of(text) == ()


def test_an_incident_by_number() -> None:
    incident = incident_at(number="2026-004711")
    [meaning] = phrases.meanings_of("2026-004711")
    assert (meaning.said, meaning.incidents) == ("Incident 2026-004711", (str(incident.pk),))


def test_a_request_by_number() -> None:
    request: FootageRequest = request_at("sent")
    [meaning] = phrases.meanings_of(request.number)
    assert meaning.subjects == (request.subject,)


def test_an_address_of_the_network() -> None:
    [meaning] = phrases.meanings_of("2001:DB8::1")
    assert meaning.addresses == ("2001:db8::1",)


def test_things_are_called_by_their_numbers_and_people_by_their_badges(camera: Camera, deputy: User) -> None:
    incident = incident_at(number="2026-004711")
    registrant = registrant_at()
    assert hooks.names("incident", [str(incident.pk), "no id"]) == {str(incident.pk): "2026-004711"}
    assert hooks.names("registrant", [str(registrant.pk)]) == {str(registrant.pk): registrant.reference}
    owner = camera.premises.registrant
    assert hooks.names("camera", [str(camera.pk)]) == {
        str(camera.pk): f"C-{camera.pk.hex[:8].upper()}, home, of owner {owner.reference}"
    }
    assert hooks.names("account", [str(deputy.pk), str(owner.user_id), "x"]) == {
        str(deputy.pk): deputy.pseudonym,
        str(owner.user_id): "of a resident",
    }
    assert hooks.names("nothing", ["1"]) == {}
