"""An owner's own record: its history in words, tables to download, and the state of the number for texts."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.notifications.models import TextNumber
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.fields import ten_digits
from fusus_portal.ground.streets.presenters import where
from fusus_portal.ground.tables import Cell, Tables
from registry.access_log import selectors as access_log
from registry.access_log.presenters.looks import look_rows
from registry.people import selectors as people
from registry.places import hooks, selectors, snapshot_files
from registry.places.camera_fields import AS_ASKED
from registry.places.models import PremisesKind
from registry.registrants.models import LANGUAGES, ContactWay, Registrant, RegistrantKind

SHOWN_FIELDS: dict[str, dict[str, str | Promise]] = {
    "registrant": {
        "kind": gettext_lazy("Kind"),
        "name": gettext_lazy("Name"),
        "phone": gettext_lazy("Phone number"),
        "language": gettext_lazy("We write in"),
        "contact_way": gettext_lazy("How we may reach you"),
        "contact_person": gettext_lazy("Contact person"),
        "second_phone": gettext_lazy("Second phone number"),
        "hours": gettext_lazy("Hours"),
    },
    "place": {
        "kind": gettext_lazy("Kind of place"),
        "name": gettext_lazy("Name of the place"),
        "address": gettext_lazy("Address"),
        "point": gettext_lazy("Point on the map"),
    },
    "camera": {field.name: field.label for field in AS_ASKED},
}

WORDS: dict[str, Callable[[Any], object]] = {
    "contact_way": lambda value: ContactWay(value).label,
    "point": lambda pin: where(pin) or _("Where no street is known"),
    "language": lambda value: LANGUAGES.get(value, value),
    **{field.name: field.value for field in AS_ASKED},
}

TOGETHER: dict[str, Callable[[Any], object]] = {
    "address": lambda row: str(Address(row.street, row.city, row.state, row.zip_code)),
    "point": lambda row: Point(row.latitude, row.longitude),
}


def version_lines(versions: Iterable[people.Version], *, reader: User) -> list[dict[str, Any]]:
    return [
        {
            "at": version.at,
            "who": _who(version.now, reader),
            "sentence": _sentence(version),
            "changes": _changes(version),
        }
        for version in versions
    ]


def _who(row: Any, reader: User) -> str:
    if row.history_user_id == reader.pk:
        return _("You")
    if row.history_user is None:
        return _("The portal itself")
    office = _("The office")
    return f"{office}, {row.history_user.badge}" if row.history_user.pseudonym else office


def _sentence(version: people.Version) -> str:
    now, before = version.now, version.before
    if version.thing == "registrant":
        return _("Contact details changed") if before else _("Registered")
    name = str(now.name or getattr(now, "street", ""))
    if getattr(now, "removed_at", None) and not getattr(before, "removed_at", None):
        return _("Place removed, with its cameras") if version.thing == "place" else _("Camera removed: %s") % name
    if before is None:
        return _("Place added: %s") % name if version.thing == "place" else _("Camera added: %s") % name
    if version.thing == "camera":
        return _of_camera(now, before) % name
    if _read(now, "address") != _read(before, "address"):
        return _("New address: %s") % str(now.street)
    moved = (now.latitude, now.longitude) != (before.latitude, before.longitude)
    return (_("Pin moved: %s") if moved else _("Place changed: %s")) % name


def _of_camera(now: Any, before: Any) -> str:
    if now.paused_at != before.paused_at:
        return _("Camera paused: %s") if now.paused_at else _("Pause ended: %s")
    if now.snapshot_at != before.snapshot_at:
        return _("Picture added: %s") if now.snapshot_at else _("Picture removed: %s")
    return _("Camera changed: %s")


def _changes(version: people.Version) -> list[tuple[str, str, str]]:
    """Return the label of each changed field, and its value before and after."""
    if version.before is None or getattr(version.now, "removed_at", None):
        return []
    fields = SHOWN_FIELDS[version.thing]
    return [
        (str(label), _value(version.thing, field, was), _value(version.thing, field, became))
        for field, label in fields.items()
        if (was := _read(version.before, field)) != (became := _read(version.now, field))
    ]


def _read(row: Any, field: str) -> Any:
    return TOGETHER[field](row) if field in TOGETHER else getattr(row, field)


def _value(thing: str, field: str, value: Any) -> str:
    if value in (None, ""):
        return _("nothing")
    if field == "kind" and thing != "camera":
        kinds: Any = PremisesKind if thing == "place" else RegistrantKind
        return str(kinds(value).label)
    return str(WORDS.get(field, str)(value))


def tables_of(registrant: Registrant) -> Tables:
    """Return the tables of an owner's data with their rows. Times in ISO 8601; column names are always English."""
    user, notices = registrant.user, access_log.notice_settings_of(registrant)
    return {
        "contact": [
            {
                "registration": registrant.reference,
                "kind": registrant.kind,
                "name": registrant.name,
                "email": user.email,
                "phone": registrant.phone,
                "language": registrant.language,
                "contact_way": registrant.contact_way,
                "contact_person": registrant.contact_person,
                "second_phone": registrant.second_phone,
                "hours": registrant.hours,
                "registered_at": registrant.registered_at.isoformat(),
                "account_since": user.joined_at.isoformat(),
            }
        ],
        "places": _rows(registrant.premises.registered().order_by("added_at", "pk"), people.PLACE_COLUMNS),
        "cameras": _rows(selectors.all_cameras_of(registrant), people.CAMERA_COLUMNS),
        "requests": _rows(registrant.requests.order_by("sent_at", "pk"), people.REQUEST_COLUMNS),
        "files": _rows(people.files_of(registrant), people.FILE_COLUMNS),
        "other_counties": _rows(registrant.leads.order_by("opened_at", "pk"), people.LEAD_COLUMNS),
        "looks": AccessRows(registrant),
        "agreements": _rows(registrant.agreements.order_by("agreed_at", "document__kind"), people.AGREEMENT_COLUMNS),
        "notices": [{"searches": notices.searches, "footage": notices.footage, "monthly": int(notices.monthly)}],
        "messages": _rows(people.messages_about(registrant), people.MESSAGE_COLUMNS),
        "text_numbers": _rows(TextNumber.objects.filter(user=user), people.TEXT_NUMBER_COLUMNS),
        "sign_ins": _rows(people.sign_ins_of(user), people.SIGN_IN_COLUMNS),
        "former_registry": people.former_registry_of(registrant),
        "history": people.earlier_values_of(registrant),
        **hooks.tables_of(registrant),
    }


class AccessRows:
    """Looks as rows of the download, read from the log in pieces on each iteration."""

    def __init__(self, registrant: Registrant) -> None:
        self.registrant = registrant
        self.cameras = list(selectors.all_cameras_of(registrant))

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        return look_rows(
            access_log.entries_of_owner(self.cameras, self.registrant), cameras=self.cameras, registrant=self.registrant
        )


def pictures_of(registrant: Registrant) -> Iterator[tuple[str, bytes]]:
    found = selectors.all_cameras_of(registrant).exclude(snapshot="").values_list("pk", "snapshot")
    # A picture is gone if its owner replaced it at this very moment.
    pictures = ((f"pictures/{pk}.jpg", snapshot_files.read(key)) for pk, key in found)
    return ((name, content) for name, content in pictures if content)


def _rows(rows: Any, columns: dict[str, str]) -> list[dict[str, Cell]]:
    found = rows.values_list(*columns.keys())
    return [dict(zip(columns.values(), map(people.plain_cell, row), strict=True)) for row in found]


def number_line(number: TextNumber) -> dict[str, object]:
    """Return a number for texts and its state. kind, sentence: of an alert about it, or "". is_on: it gets texts."""
    kind, sentence = _alert(number)
    return {"number": ten_digits(number.number), "is_on": number.is_on, "kind": kind, "sentence": sentence}


def sender() -> str:
    known: str = settings.TEXT_SENDER
    return ten_digits(known) if known.startswith("+1") else known


def _alert(number: TextNumber) -> tuple[str, str]:
    if number.stopped_at:
        stopped = _(
            "This number answered STOP on %(day)s, so no texts go there. To get them again, text START to %(sender)s."
        )
        return "warning", stopped % {"day": times.localized_day(number.stopped_at), "sender": sender()}
    if number.unreachable_at:
        return "warning", _(
            "This number gets no texts: it is a landline, or its carrier takes none. Turn texts off, or use another "
            "number. We write to you by e-mail as before."
        )
    if number.failed_at and number.confirmed_at is None:
        return "warning", _("The text with the code did not arrive. Check the number, or use another one.")
    if number.failed_at:
        failed = _("On %(day)s a text did not reach you. You got the same by e-mail.")
        return "info", failed % {"day": times.localized_day(number.failed_at)}
    return "", ""
