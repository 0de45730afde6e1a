"""All data of one person, as tables for the file that they download."""

from collections.abc import Iterator
from typing import Any

from fusus_portal.ground.tables.archive import Cell, Tables
from registry import hooks
from registry.access_log.presenters.looks import rows_of
from registry.access_log.selectors import looks
from registry.access_log.selectors.notices import settings_of
from registry.people.models import Registrant
from registry.people.selectors import own_data
from registry.people.selectors.registrants import agreements_of
from registry.places import selectors, snapshot_files


def tables_of(registrant: Registrant) -> Tables:
    """Return each table with its rows, times in ISO 8601. Names of columns are English in every language."""
    user, requests = registrant.user, own_data.requests_of(registrant)
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
        "places": _rows(own_data.places_of(registrant), own_data.PLACE),
        "cameras": _rows(selectors.all_cameras_of(registrant), own_data.CAMERA),
        "requests": _rows(requests, own_data.REQUEST),
        "files": _rows(own_data.files_of(registrant), own_data.FILE),
        "other_counties": _rows(own_data.leads_of(registrant), own_data.LEAD),
        "looks": Looks(registrant),
        "agreements": _rows(agreements_of(registrant), own_data.AGREEMENT),
        "notices": [_notices(registrant)],
        "messages": _rows(own_data.messages_about(registrant), own_data.MESSAGE),
        "text_numbers": _rows(own_data.text_numbers_of(user), own_data.TEXTS),
        "sign_ins": _rows(own_data.sign_ins_of(user), own_data.SIGN_IN),
        "former_registry": own_data.former_registry_of(registrant),
        "history": own_data.history_of(registrant),
        **hooks.tables_of(registrant),
    }


class Looks:
    """Access events as rows, read from the log in pieces on each iteration."""

    def __init__(self, registrant: Registrant) -> None:
        self.registrant = registrant
        self.cameras = list(selectors.all_cameras_of(registrant))

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        return rows_of(
            looks.entries_about(self.cameras, self.registrant), cameras=self.cameras, registrant=self.registrant
        )


def pictures_of(registrant: Registrant) -> Iterator[tuple[str, bytes]]:
    found = selectors.all_cameras_of(registrant).exclude(snapshot="").values_list("pk", "snapshot")
    pictures = ((f"pictures/{pk}.jpg", _picture(key)) for pk, key in found)
    return ((name, content) for name, content in pictures if content)


def _rows(rows: Any, columns: dict[str, str]) -> list[dict[str, Cell]]:
    found = rows.values_list(*columns.keys())
    return [dict(zip(columns.values(), map(own_data.plain, row), strict=True)) for row in found]


def _notices(registrant: Registrant) -> dict[str, Cell]:
    chosen = settings_of(registrant)
    return {"searches": chosen.searches, "footage": chosen.footage, "monthly": int(chosen.monthly)}


def _picture(key: str) -> bytes:
    """Return a picture; nothing if its owner has replaced it in this very moment."""
    try:
        return snapshot_files.read(key)
    except FileNotFoundError:
        return b""
