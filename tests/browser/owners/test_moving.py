"""Moving by keyboard alone at 320 pixels, in both languages; axe looks at each page on the way."""

import pytest

from fusus_portal.ground.geo.points import Point
from registry.other_counties.models import OutreachLead
from registry.places.models import Premises
from registry.registrants.models import Registrant
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import NARROWEST
from tests.browser.test_keyboard import enters, tabs_to, types
from tests.browser.window import Window
from tests.factories import person, registrant_at
from tests.registry.other_counties.elsewhere import IN_AVONDALE, IN_PELHAM

pytestmark = pytest.mark.browser


def goes_to(window: Window, street: str, city: str, zip_code: str, pin: Point) -> None:
    """From the profile to the last step of a move."""
    window.open("/profile/")
    window.unfolds(str(Premises.objects.get().address))
    enters(window, f"{window.says('I am moving')}: {Premises.objects.get().address}")
    window.arrives("Where are you moving?")
    types(window, "Street and number", street)
    types(window, "City", city)
    types(window, "ZIP code", zip_code)
    enters(window, "Find it on the map")
    window.arrives("Is this the right building?")
    types(window, "Where is it?", f"{pin.latitude:.6f}, {pin.longitude:.6f}")
    enters(window, "Yes, show me what will happen")


@pytest.mark.parametrize("language", ["en", pytest.param("es", marks=pytest.mark.long)])
def test_a_move_inside_takes_the_cameras_along(language: str, open_window: OpenWindow) -> None:
    registrant = registrant_at(user=person(language=language), language=language)
    window = open_window("resident", size=NARROWEST, language=language)
    window.is_signed_in_as(registrant.user)
    goes_to(window, "4101 5th Avenue South", "Birmingham", "35222", IN_AVONDALE)
    window.arrives("You stay registered")
    enters(window, "Confirm the move")
    window.arrives(window.says("Hello, %(name)s", name="Ana Rivera"))
    assert Premises.objects.get().street == "4101 5th Avenue South"


@pytest.mark.parametrize("language", ["en", pytest.param("es", marks=pytest.mark.long)])
def test_a_move_outside_ends_here_and_names_the_county(language: str, open_window: OpenWindow) -> None:
    registrant = registrant_at(user=person(language=language), language=language)
    window = open_window("resident", size=NARROWEST, language=language)
    window.is_signed_in_as(registrant.user)
    goes_to(window, "3162 Pelham Parkway", "Pelham", "35124", IN_PELHAM)
    window.arrives("Your registration here would end")
    tabs_to(window, "Yes, ask the agency there to join, because somebody moved there who would register cameras.")
    window.page.keyboard.press("Space")
    enters(window, "End my registration and delete my data")
    window.arrives("You have left the registry")
    window.reads(window.says("Whom to ask in %(county)s", county="Shelby County, Alabama"))
    assert not Registrant.objects.exists()
    assert OutreachLead.objects.get().email == ""
