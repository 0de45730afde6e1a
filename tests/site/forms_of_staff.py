"""Forms of administrators and clerks, each with right and wrong answers."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.urls import reverse

from fusus_portal.ground.accounts.roles import Role
from registry.footage.models import RetentionCategory
from registry.limits.models import BOUNDS, Limits
from registry.other_counties import services as other_counties
from registry.other_counties.services import AgencyDetails
from tests.factories import incident_at, person, purpose
from tests.integration.cores.devices import business_at, core_at, core_model, device_camera_at
from tests.people import sign_in
from tests.registry.imports.import_files import as_file, brought, guessed, line
from tests.registry.incidents.dispatching import pem_of
from tests.registry.other_counties.elsewhere import SHELBY
from tests.site.wrong_answers import Question, Upload, WrongForm, asks


def agency_data() -> WrongForm:
    """The public data of the agency."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("agency_data"),
        (
            asks("name", "Shelby County Sheriff", "", "x" * 121),
            asks("short_name", "Sheriff", "", "x" * 61),
            asks("name_es", "la Oficina del Sheriff", "x" * 121),
            asks("phone", "205-555-0100", "", "12", "call us"),
            asks("help_phone", "", "12"),
            asks("email", "", "x"),
            asks("news_url", "https://s.example/", "", "http://s.example/", "news"),
            asks("social_urls", "X https://x.example/", "https://x.example/", "X http://x.example/"),
            asks("check_address", "", "x" * 201),
            asks("color_primary", "#1b3a5d", "", "blue", "#ffffff"),
            asks("color_accent", "#8a6d1d", "", "gold", "#fefefe"),
        ),
        {"revision": 1, "step": "save"},
    )


def terms_new() -> WrongForm:
    """The next version of the terms."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("terms_new"),
        (
            asks("text_en", "Be kind to each other. " * 20, "", "Be kind."),
            asks("text_es", "Sean amables. " * 20, "", "Sean amables."),
        ),
        {"number": 2, "step": "save"},
    )


def limits() -> WrongForm:
    """The agency's limits."""
    now = {name: getattr(Limits.current(), name) for name in BOUNDS}
    days = ("first_reminder_days", "second_reminder_days", "link_life_days")
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("limits"),
        (
            asks("longest_window_hours", 4, "", "99"),
            asks("largest_area", "0.5", "x", "9"),
            Question(dict(zip(days, (2, 5, 9), strict=True)), (dict.fromkeys(days, 3), dict.fromkeys(days, ""))),
            asks("gigabytes_per_reply", 100, "", "999"),
        ),
        {**now, "revision": Limits.current().revision, "step": "save"},
    )


SPANISH = asks("name_es", "CORE mini", "x" * 81)


def core_model_new() -> WrongForm:
    """A kind of CORE."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("core_models"),
        (asks("name", "CORE Mini", "", core_model().name.lower()), SPANISH, asks("cameras_supported", "4", "", "999")),
    )


def core_model_change() -> WrongForm:
    """A change of a kind of CORE."""
    taken, core = core_model().name, core_at("active", registrant=business_at(cameras=2))
    device_camera_at(core)
    device_camera_at(core, channel="back")
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("core_model", args=[core.model_id]),
        (asks("name", "CORE Mini", "", taken), SPANISH, asks("cameras_supported", "4", "", "0", "1")),
    )


def import_file() -> WrongForm:
    """The file of a former registry."""
    file = Upload("old.csv", as_file([line()]))
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("import_list"),
        (asks("file", file, "", Upload("old.csv", b"")), asks("encoding", "utf-8", "", "ebcdic")),
    )


def import_columns() -> WrongForm:
    """The meaning of each column of a former registry."""
    batch = brought([line()])
    columns = guessed(batch)
    needed = {name: columns.pop(name) for name in ("name", "email", "street")}
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("import_columns", args=[batch.pk]),
        (
            *(asks(name, place, "", "99") for name, place in needed.items()),
            asks("points", "pinned", "", "somewhere"),
            asks("camera", columns.pop("camera"), columns["key"]),
        ),
        columns,
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
    other_counties.add_agency(by=administrator, details=details)
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
    agency_data,
    terms_new,
    limits,
    core_model_new,
    core_model_change,
    import_file,
    import_columns,
    purpose_new,
    incident_type_new,
    retention_new,
    county_agency_new,
    dispatch_key,
    cores_receive,
    message_text,
)
