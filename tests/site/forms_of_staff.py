"""Forms of administrators and clerks, each with right and wrong answers."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.urls import reverse

from fusus_portal.accounts.invitation_links import token_of
from fusus_portal.accounts.models import RoleChange, User
from fusus_portal.accounts.roles import Role
from fusus_portal.accounts.services import role_changes
from registry.models import RetentionCategory
from registry.services import county_agencies
from registry.services.county_agencies import AgencyDetails
from tests.factories import incident_at, person, purpose
from tests.integration.devices import core_model
from tests.people import PASSWORD, sign_in
from tests.registry.dispatching import pem_of
from tests.registry.elsewhere import SHELBY
from tests.site.wrong_answers import Question, WrongForm, asks


def invite(*, by: User) -> RoleChange:
    """Return an invitation that waits for another administrator."""
    return role_changes.invite(email="kim@agency.example", name="Kim", role="deputy", reason="New here.", by=by)


def person_invite() -> WrongForm:
    """Somebody new at the agency."""
    administrator, deputy = person(Role.ADMINISTRATOR), person(Role.DEPUTY)
    invited = invite(by=administrator).email
    return WrongForm(
        sign_in(administrator),
        reverse("person_invite"),
        (
            asks("email", "lee@agency.example", "", "x", deputy.email.upper(), invited),
            asks("name", "Kim Lee", "", "x" * 121),
            asks("role", "clerk", "", "resident"),
            asks("reason", "New in the office.", "", "x" * 301),
        ),
    )


def invitation() -> WrongForm:
    """The first words of whoever was invited."""
    change = role_changes.approve(change=invite(by=person(Role.ADMINISTRATOR)), by=person(Role.ADMINISTRATOR))
    return WrongForm(
        Client(),
        reverse("invitation", args=[token_of(change.pk)]),
        (asks("name", "Kim Lee", "", "x" * 121), asks("password", PASSWORD, "", "short", "kim@agency.example")),
    )


def person_change() -> WrongForm:
    """Another role of somebody."""
    deputy = person(Role.DEPUTY)
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("person", args=[deputy.pk]),
        (
            Question(
                {"kind": "change_role", "role": "clerk"},
                tuple({"kind": "change_role", "role": role} for role in ("", "resident", "deputy")),
            ),
            asks("reason", "Moves to the office.", "", "x" * 301),
        ),
    )


def account_contact() -> WrongForm:
    """How somebody of the agency is reached."""
    return WrongForm(
        sign_in(person(Role.DEPUTY)),
        reverse("account_contact"),
        (asks("name", "Kim Lee", "", "x" * 121), asks("call_back_number", "205-555-0142", "x" * 33)),
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


FORMS = (
    person_invite,
    invitation,
    person_change,
    account_contact,
    purpose_new,
    incident_type_new,
    retention_new,
    county_agency_new,
    dispatch_key,
    cores_receive,
    message_text,
)
