"""The main forms, each with right and wrong answers to every question: what a field, a rule or a service refuses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.accounts.roles import Role
from registry.models import RetentionCategory
from registry.services import county_agencies
from registry.services.county_agencies import AgencyDetails
from tests.factories import LINN_PARK, REASON, incident_at, person, purpose, registrant_at
from tests.integration.consent import connected, signed
from tests.integration.devices import business_at, core_model
from tests.integration.scenes import scene
from tests.people import sign_in
from tests.registry.delays import DELAY_REASON, case_of, delayed
from tests.registry.dispatching import pem_of
from tests.registry.elsewhere import SHELBY, home_of
from tests.registry.views.test_places_pages import ADDRESS

Answers = dict[str, Any]
PROTEST = "See who came to the protest downtown"
FAR = {"latitude": "39.7392", "longitude": "-104.9903"}
"""Denver."""

TOO_SHORT = (timedelta(), timedelta(minutes=-119))
IN_THE_FUTURE = (timedelta(days=9), timedelta(days=9))


@dataclass(frozen=True)
class Question:
    """What is mended together. right, wrong: answers to its fields."""

    right: Answers
    wrong: tuple[Answers, ...]


@dataclass(frozen=True)
class WrongForm:
    """One form before somebody who fills it in. besides: what its page sends along."""

    browser: Client
    address: str
    questions: tuple[Question, ...]
    besides: Answers = field(default_factory=dict)


def asks(name: str, right: object, *wrong: object) -> Question:
    """Return a question of one field."""
    return Question({name: right}, tuple({name: each} for each in wrong))


def local(at: datetime) -> str:
    """Return a moment as the browser's control sends it."""
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


def window(starts_at: datetime, ends_at: datetime, *wrong: tuple[timedelta, timedelta]) -> Question:
    """Return the question of a stretch of time. wrong: by how much both ends are moved."""
    right = {"starts_at": local(starts_at), "ends_at": local(ends_at)}
    moved = tuple({"starts_at": local(starts_at + start), "ends_at": local(ends_at + end)} for start, end in wrong)
    return Question(right, ({"starts_at": "", "ends_at": "noon"}, *moved))


def incident_new() -> WrongForm:
    """A new incident."""
    now = timezone.now()
    taken = incident_at(number="2026-100001")
    return WrongForm(
        sign_in(person(Role.DEPUTY)),
        reverse("incident_new"),
        (
            asks("number", "2026-100002", "", "7", taken.number),
            asks("type", taken.type_id, "", "999999"),
            asks("place", "2100 block of Morris Avenue", "", "Protest at Linn Park"),
            window(
                now - timedelta(hours=2),
                now - timedelta(hours=1),
                (timedelta(hours=9), timedelta(hours=9)),
                (timedelta(), timedelta(hours=-5)),
            ),
            Question(
                {"latitude": LINN_PARK.latitude, "longitude": LINN_PARK.longitude},
                ({"latitude": "north", "longitude": ""}, FAR),
            ),
        ),
    )


def canvass_new() -> WrongForm:
    """A circle to search."""
    deputy = person(Role.DEPUTY)
    incident = incident_at(by=deputy)
    middle = {"latitude": incident.latitude, "longitude": incident.longitude, "radius_m": 300}
    return WrongForm(
        sign_in(deputy),
        reverse("canvass_new", args=[incident.pk]),
        (
            Question(middle, ({**middle, "radius_m": ""}, {**middle, "radius_m": 5000}, {**middle, **FAR})),
            window(
                incident.starts_at, incident.ends_at, (timedelta(), timedelta(minutes=-119)), (timedelta(days=9),) * 2
            ),
            asks("purpose", purpose().pk, "", "999999"),
            asks("reason", REASON, "", "investigation", PROTEST, incident.place),
        ),
    )


def canvass_polygon() -> WrongForm:
    """A polygon to search."""
    deputy = person(Role.DEPUTY)
    incident = incident_at(by=deputy)
    north, east = incident.latitude, incident.longitude
    ring = "\n".join(f"{north + dy}, {east + dx}" for dy, dx in ((-0.003, -0.003), (-0.003, 0.003), (0.003, 0)))
    return WrongForm(
        sign_in(deputy),
        reverse("canvass_new", args=[incident.pk]) + "?shape=polygon",
        (
            asks("corners", ring, "", "here", "33.5, -86.8\n33.6, -86.9"),
            window(
                incident.starts_at, incident.ends_at, (timedelta(), timedelta(minutes=-119)), (timedelta(days=9),) * 2
            ),
            asks("purpose", purpose().pk, "", "999999"),
            asks("reason", REASON, "", "investigation", PROTEST),
        ),
    )


def look_delay() -> WrongForm:
    """A delay of what an owner reads."""
    case = case_of()
    return WrongForm(
        sign_in(case.supervisor),
        reverse("look_delay_new", args=[case.incident.pk, case.camera.pk]),
        (asks("days", 30, "", "x", 31, 0), asks("reason", DELAY_REASON, "", "test", PROTEST)),
    )


def look_delay_again() -> WrongForm:
    """Its renewal."""
    case = case_of()
    first = delayed(case)
    return WrongForm(
        sign_in(case.supervisor),
        reverse("look_delay_renew", args=[first.pk]),
        (asks("days", 30, "", 31), asks("reason", f"{DELAY_REASON} He was not found yet.", "", first.reason)),
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
            asks("phone", "205-555-0117", "", "12"),
            asks("second_phone", "", "12"),
            asks("language", "es", "", "fr"),
        ),
    )


def purpose_new() -> WrongForm:
    """A purpose of the list."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("purposes"),
        (
            asks("name", "Find a stolen boat", "", purpose().name, "The protest"),
            asks("name_es", "Encontrar un bote robado", "", "La protesta de ayer"),
        ),
    )


def incident_type_new() -> WrongForm:
    """A crime or emergency of the list."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("incident_type_new"),
        (
            asks("name", "Boat theft", "", incident_at().type.name, "Protest"),
            asks("name_es", "Robo de bote", "", "Protesta"),
            asks("emergency", "crime", "", "war"),
        ),
    )


def retention_new() -> WrongForm:
    """A category of how long footage is kept."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("retention_new"),
        (
            asks("name", "Boats", "", RetentionCategory.objects.all()[0].name),
            Question({"days": 30, "floor_days": 10}, ({"days": "", "floor_days": "x"}, {"days": 5, "floor_days": 10})),
        ),
    )


def county_agency_new() -> WrongForm:
    """The agency of a county."""
    details = AgencyDetails(SHELBY, "Shelby SO", "205-555-0170", "a@s.example", "https://s.example/cameras")
    administrator = person(Role.ADMINISTRATOR)
    county_agencies.add(by=administrator, details=details)
    return WrongForm(
        sign_in(administrator),
        reverse("county_agency_new"),
        (
            asks("county_fips", "01007", "", "Nowhere", SHELBY),
            asks("name", "Bibb SO", "", "=SUM(A1)"),
            asks("phone", "", "12"),
            asks("email", "", "x"),
            asks("url", "", "http://b.example"),
        ),
    )


def dispatch_key() -> WrongForm:
    """A key of a dispatch system."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("dispatch_keys"),
        (
            asks("source", "county-cad", "", "County CAD"),
            asks("key_id", "county-cad-2026", "", "x y"),
            asks("public_key", pem_of(Ed25519PrivateKey.generate()), "", "PRIVATE KEY", "key"),
        ),
    )


def critical_declare() -> WrongForm:
    """That an incident is critical."""
    made = scene(critical=False)
    middle = {"latitude": made.incident.latitude, "longitude": made.incident.longitude, "radius_m": 500}
    return WrongForm(
        sign_in(made.supervisor),
        reverse("critical_declare", args=[made.incident.pk]),
        (
            Question(middle, ({**middle, "radius_m": ""}, {**middle, "radius_m": 1}, {**middle, **FAR})),
            asks("reason", "A man with a gun ran into the bank.", "", "test", PROTEST),
        ),
    )


def clip_ask() -> WrongForm:
    """A clip of a connected camera."""
    made = scene()
    starts, ends = made.incident.starts_at, made.incident.starts_at + timedelta(minutes=20)
    return WrongForm(
        sign_in(made.deputy),
        reverse("clip_ask", args=[made.incident.pk, made.camera.pk]),
        (
            window(starts, ends, (timedelta(hours=-1), timedelta(hours=-1)), (timedelta(), timedelta(hours=1))),
            asks("purpose", purpose().pk, "", "999999"),
            asks("reason", "The gunman may have passed the dock.", "", "test", PROTEST),
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


def cores_receive() -> WrongForm:
    """COREs that arrived."""
    return WrongForm(
        sign_in(person(Role.CLERK)),
        reverse("core_receive"),
        (asks("model", core_model().pk, "", "999999"), asks("serials", "CORE-70001", "", "x\nx")),
    )


def message_text() -> WrongForm:
    """The agency's sentences in a message."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("message_text", args=["footage_request"]),
        (
            Question(
                {"opening_en": "Hello.", "opening_es": "Hola."},
                ({"opening_en": "Hello.", "opening_es": ""}, {"opening_en": "x" * 999, "opening_es": "Hola."}),
            ),
            Question(
                {"closing_en": "Thank you.", "closing_es": "Gracias."},
                (
                    {"closing_en": "You must answer.", "closing_es": "Gracias."},
                    {"closing_en": "See www.x.example.", "closing_es": "Gracias."},
                ),
            ),
        ),
    )


FORMS: tuple[Callable[[], WrongForm], ...] = (
    incident_new,
    canvass_new,
    canvass_polygon,
    look_delay,
    look_delay_again,
    place_new,
    camera_new,
    contact,
    purpose_new,
    incident_type_new,
    retention_new,
    county_agency_new,
    dispatch_key,
    critical_declare,
    clip_ask,
    sharing_rule,
    cores_receive,
    message_text,
)
