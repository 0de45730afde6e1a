"""Forms of deputies and supervisors, each with right and wrong answers."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from tests.factories import LINN_PARK, REASON, incident_at, person, purpose, request_at
from tests.integration.critical.scenes import scene
from tests.people import sign_in
from tests.registry.access_log.delays import DELAY_REASON, case_of, delayed
from tests.registry.footage.footage import evidence_of
from tests.site.wrong_answers import FAR, PROTEST, Question, WrongForm, asks, window


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


def call() -> WrongForm:
    """A new incident with its first search."""
    alone, now = incident_new(), timezone.now()
    middle = {"latitude": LINN_PARK.latitude, "longitude": LINN_PARK.longitude, "radius_m": 985}
    number, kind, place, _hours, _pin = alone.questions
    return WrongForm(
        alone.browser,
        alone.address,
        (
            number,
            kind,
            place,
            window(
                now - timedelta(hours=2),
                now - timedelta(hours=1),
                (timedelta(hours=9),) * 2,
                (timedelta(), timedelta(hours=2)),
            ),
            Question(middle, ({**middle, "latitude": "north", "radius_m": ""}, {**middle, "radius_m": 5000})),
            asks("purpose", purpose().pk, "", "999999"),
            asks("reason", REASON, "", "investigation", PROTEST),
        ),
        {"look": "1"},
    )


def incident_change() -> WrongForm:
    """A change of an incident: its type, place and hours."""
    deputy = person(Role.DEPUTY)
    incident = incident_at(by=deputy)
    return WrongForm(
        sign_in(deputy),
        reverse("incident_change", args=[incident.pk]),
        (
            asks("type", incident.type_id, "", "999999"),
            asks("place", "2100 block of Morris Avenue", "", "Protest at Linn Park"),
            window(incident.starts_at, incident.ends_at, (timedelta(hours=9),) * 2, (timedelta(), timedelta(hours=-5))),
            Question(
                {"latitude": LINN_PARK.latitude, "longitude": LINN_PARK.longitude},
                ({"latitude": "north", "longitude": ""}, FAR),
            ),
        ),
    )


def incident_send_back() -> WrongForm:
    """A mistake in an incident, which goes back to its opener."""
    incident = incident_at(verified=False)
    return WrongForm(
        sign_in(person(Role.SUPERVISOR)),
        reverse("incident_send_back", args=[incident.pk]),
        (asks("reason", "The caller spoke of the next block.", "", "test", PROTEST, incident.place),),
    )


def evidence_category() -> WrongForm:
    """How long a file is kept."""
    file = evidence_of(request_at("footage"))
    return WrongForm(
        sign_in(person(Role.SUPERVISOR)),
        reverse("evidence_category", args=[file.pk]),
        (
            asks("category", file.category_id, "", "999999"),
            asks("reason", "The trial was moved to the next spring.", "", "test", PROTEST),
        ),
    )


def canvass_new() -> WrongForm:
    """A circle to search."""
    deputy = person(Role.DEPUTY)
    incident = incident_at(by=deputy)
    middle = {"latitude": incident.latitude, "longitude": incident.longitude, "radius_m": 985}
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
    """The renewal of a delay."""
    case = case_of()
    first = delayed(case)
    return WrongForm(
        sign_in(case.supervisor),
        reverse("look_delay_renew", args=[first.pk]),
        (asks("days", 30, "", 31), asks("reason", f"{DELAY_REASON} He was not found yet.", "", first.reason)),
    )


def critical_declare() -> WrongForm:
    """A declaration of an incident as critical."""
    made = scene(critical=False)
    middle = {"latitude": made.incident.latitude, "longitude": made.incident.longitude, "radius_m": 1640}
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


FORMS = (
    incident_new,
    call,
    incident_change,
    incident_send_back,
    evidence_category,
    canvass_new,
    canvass_polygon,
    look_delay,
    look_delay_again,
    critical_declare,
    clip_ask,
)
