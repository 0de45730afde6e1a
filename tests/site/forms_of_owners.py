"""Forms of owners, each with right and wrong answers."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency.selectors import sharing_terms
from registry.canvasses.links import token_for
from registry.places.models import Camera
from tests.factories import person, registrant_at, request_at
from tests.integration.cores.devices import business_at, core_at, device_camera_at, owner_of as device_owner
from tests.integration.sharing.consent import connected, signed
from tests.people import PASSWORD, sign_in
from tests.registry.footage.footage import given
from tests.registry.footage.keeping import PICTURE
from tests.registry.other_counties.elsewhere import home_of
from tests.registry.people.test_registration import YOU, fill
from tests.registry.places.test_place_pages import ADDRESS
from tests.site.wrong_answers import Question, WrongForm, asks
from tests.typed import typed

NEW = "nine quiet herons"


def sign_up() -> WrongForm:
    """An account."""
    return WrongForm(
        Client(),
        reverse("account_signup"),
        (
            asks("role", "resident", "", "deputy"),
            asks("email", "ana@people.example", "", "ana"),
            asks("password1", PASSWORD, "", "short", "password portal"),
        ),
    )


def password_change() -> WrongForm:
    """Another password."""
    return WrongForm(
        sign_in(person()),
        reverse("account_change_password"),
        (
            asks("oldpassword", PASSWORD, "", "wrong"),
            Question(
                {"password1": NEW, "password2": NEW},
                ({"password1": "", "password2": ""}, {"password1": "short", "password2": "short"}),
            ),
        ),
    )


def register_you() -> WrongForm:
    """The person who registers."""
    return WrongForm(
        sign_in(person(Role.BUSINESS)),
        reverse("register_you"),
        (
            asks("name", "Corner Market", "", "rtsp://10.0.0.7/market"),
            asks("phone", "205-555-0117", "12"),
            asks("second_phone", "", "12"),
            asks("hours", "9 to 5", "x" * 121, "rtsp://10.0.0.7/market"),
            asks("language", "es", "", "fr"),
        ),
    )


def register_place() -> WrongForm:
    """The first place of a registration."""
    browser = sign_in(person())
    browser.post(reverse("register_you"), YOU)
    address = {name: ADDRESS[name] for name in ("street", "city", "state", "zip_code")}
    return WrongForm(
        browser,
        reverse("register_place"),
        (
            asks("kind", "home", "", "castle"),
            Question(address, (dict.fromkeys(address, ""), {**address, "zip_code": "00000"})),
        ),
    )


def register_cameras() -> WrongForm:
    """The cameras of a registration."""
    browser = sign_in(person())
    fill(browser, until="register_cameras")
    return WrongForm(
        browser,
        reverse("register_cameras"),
        (
            asks("camera-0-name", "Front door", "rtsp://10.0.0.7/door"),
            asks("camera-0-days_kept", "14", "0", "x"),
            asks("camera-1-name", "Garage", "x" * 81),
            asks("camera-1-covers", "the street", "x" * 201, "http://10.0.0.7:554"),
        ),
        {"camera-TOTAL_FORMS": 2, "camera-INITIAL_FORMS": 0, "go_on": "1"},
    )


def premises() -> WrongForm:
    """The kind and name of a place."""
    owner = registrant_at()
    return WrongForm(
        sign_in(owner.user),
        reverse("premises", args=[home_of(owner).pk]),
        (asks("kind", "other", "", "castle"), asks("name", "Cabin", "rtsp://10.0.0.7/cabin", "x" * 81)),
    )


def premises_move() -> WrongForm:
    """The new address of a place."""
    owner = registrant_at()
    home = home_of(owner)
    here = {"street": home.street, "city": home.city, "state": home.state, "zip_code": home.zip_code}
    there = {name: ADDRESS[name] for name in here}
    return WrongForm(
        sign_in(owner.user),
        reverse("premises_move", args=[home.pk]),
        (
            asks("kind", "home", "", "castle"),
            Question(there, (dict.fromkeys(here, ""), {**there, "zip_code": "00000"}, here)),
        ),
    )


def notices() -> WrongForm:
    """How often mails about looks come."""
    return WrongForm(
        sign_in(registrant_at().user),
        reverse("notices"),
        (asks("searches", "weekly", "", "hourly"), asks("footage", "none", "", "hourly")),
    )


def reply_files() -> WrongForm:
    """The camera and start of each file that was given."""
    asked = request_at("sent", registrant=registrant_at(cameras=2))
    first, second = (given(asked, content=PICTURE, name=name).upload.pk for name in ("a.jpg", "b.jpg"))
    camera = asked.cameras.earliest("camera__name").camera_id
    starts_at, tomorrow = typed(asked.canvass.starts_at), typed(timezone.now() + timedelta(days=1))
    return WrongForm(
        Client(),
        reverse("reply_files", args=[token_for(asked)]),
        (
            asks(f"{first}-camera", camera, "999999"),
            asks(f"{first}-starts_at", starts_at, "noon", tomorrow),
            asks(f"{second}-camera", camera, "999999"),
            asks(f"{second}-starts_at", starts_at, tomorrow),
        ),
    )


def device_connect() -> WrongForm:
    """A camera behind a CORE."""
    core = core_at("active", registrant=business_at(cameras=2))
    behind = device_camera_at(core)
    free = Camera.objects.registered().filter(premises=core.premises_id).exclude(pk=behind.camera_id).get()
    return WrongForm(
        sign_in(device_owner(core)),
        reverse("device_connect", args=[core.pk]),
        (asks("camera", free.pk, "", behind.camera_id), asks("channel", "back", "", behind.channel)),
    )


def sharing_sign() -> WrongForm:
    """The sharing agreement."""
    return WrongForm(
        sign_in(business_at().user),
        reverse("sharing_sign"),
        (
            asks("signer", "Rosa Diaz", "", "x" * 121),
            asks("title", "Manager", "", "x" * 121),
            asks("agreed", "on", ""),
        ),
        {"document": sharing_terms().pk, "step": "save"},
    )


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
            asks("phone", "205-555-0117", "12"),
            asks("second_phone", "", "12"),
            asks("language", "es", "", "fr"),
        ),
    )


def sharing_rule() -> WrongForm:
    """The rule by which a camera may be seen."""
    owner = business_at()
    camera = connected(owner)
    signed(owner)
    twice = {"day1": "2027-01-01", "what1": "closed", "day2": "2027-01-01", "what2": "open"}
    return WrongForm(
        sign_in(owner.user),
        reverse("sharing_rule", args=[camera.pk]),
        (
            Question(
                {"own0_days": "0", "own0_from": "08:00", "own0_to": "18:00"},
                (
                    {"own0_days": "0", "own0_from": "08:00", "own0_to": ""},
                    {"own0_days": "", "own0_from": "08:00", "own0_to": "18:00"},
                    {"own0_days": "0", "own0_from": "8", "own0_to": "18:00"},
                ),
            ),
            Question({"day1": "2027-01-01", "what1": "closed", "day2": ""}, (twice, {"day1": "x", "what1": ""})),
        ),
        {"mode": "schedule"},
    )


FORMS = (
    sign_up,
    password_change,
    register_you,
    register_place,
    register_cameras,
    premises,
    premises_move,
    notices,
    reply_files,
    device_connect,
    sharing_sign,
    place_new,
    camera_new,
    contact,
    sharing_rule,
)
