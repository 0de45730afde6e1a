"""Forms of owners, each with right and wrong answers."""

from django.urls import reverse

from tests.factories import registrant_at
from tests.integration.consent import connected, signed
from tests.integration.devices import business_at
from tests.people import sign_in
from tests.registry.elsewhere import home_of
from tests.registry.views.test_places_pages import ADDRESS
from tests.site.wrong_answers import Question, WrongForm, asks


def place_new() -> WrongForm:
    """One more place of a registrant."""
    owner = registrant_at()
    known = home_of(owner)
    address = {name: ADDRESS[name] for name in ("street", "city", "state", "zip_code")}
    there = {"street": known.street, "city": known.city, "state": known.state, "zip_code": known.zip_code}
    return WrongForm(
        sign_in(owner.user),
        reverse("premises_new"),
        (
            asks("kind", "other", "", "castle"),
            Question(address, (dict.fromkeys(address, ""), {**address, "zip_code": "00000"}, there)),
            asks("name", "Cabin", "rtsp://10.0.0.7/cabin", "x" * 81),
        ),
    )


def camera_new() -> WrongForm:
    """One more camera."""
    owner = registrant_at()
    home = home_of(owner)
    taken = home.cameras.get().name
    return WrongForm(
        sign_in(owner.user),
        reverse("camera_new", args=[home.pk]),
        (
            asks("name", "Garage", "", taken.upper(), "rtsp://10.0.0.7/garage"),
            asks("covers", "the street", "x" * 201, "http://10.0.0.7:554"),
            asks("days_kept", 14, 0, "x"),
            Question(
                {"facing": "90", "angle": "110"}, ({"facing": "", "angle": "110"}, {"facing": "up", "angle": 361})
            ),
        ),
    )


def contact() -> WrongForm:
    """How a business is reached that must stay one."""
    owner = business_at()
    connected(owner)
    return WrongForm(
        sign_in(owner.user),
        reverse("contact"),
        (
            asks("kind", "business", "", "person"),
            asks("name", "Corner Market", "", "rtsp://10.0.0.7/market"),
            asks("phone", "205-555-0117", "", "12"),
            asks("second_phone", "", "12"),
            asks("language", "es", "", "fr"),
        ),
    )


def sharing_rule() -> WrongForm:
    """When a camera may be seen."""
    owner = business_at()
    camera = connected(owner)
    signed(owner)
    twice = {"day1": "2027-01-01", "what1": "closed", "day2": "2027-01-01", "what2": "open"}
    return WrongForm(
        sign_in(owner.user),
        reverse("sharing_rule", args=[camera.pk]),
        (
            Question(
                {"from0": "08:00", "to0": "18:00"}, ({"from0": "08:00", "to0": ""}, {"from0": "8", "to0": "18:00"})
            ),
            Question({"day1": "2027-01-01", "what1": "closed", "day2": ""}, (twice, {"day1": "x", "what1": ""})),
        ),
        {"mode": "schedule"},
    )


FORMS = (
    place_new,
    camera_new,
    contact,
    sharing_rule,
)
