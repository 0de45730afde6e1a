"""Forms of administrators and clerks, each with right and wrong answers."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.urls import reverse

from fusus_portal.accounts.roles import Role
from registry.models import RetentionCategory
from registry.services import county_agencies
from registry.services.county_agencies import AgencyDetails
from tests.factories import incident_at, person, purpose
from tests.integration.devices import core_model
from tests.people import sign_in
from tests.registry.dispatching import pem_of
from tests.registry.elsewhere import SHELBY
from tests.site.wrong_answers import Question, WrongForm, asks


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
    purpose_new,
    incident_type_new,
    retention_new,
    county_agency_new,
    dispatch_key,
    cores_receive,
    message_text,
)
