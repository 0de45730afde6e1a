"""Data of the components that pages share: buttons, marks, timelines, lists and their cursors."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.utils.translation import gettext as _

from audit.log.actors import ActorKind
from audit.log.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Action:
    """A button. reason: for a disabled one, else "". is_link: a link that changes nothing. quiet: a secondary link."""

    name: str
    label: str
    url: str
    reason: str = ""
    is_link: bool = False
    primary: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    text: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of a timeline. by: pseudonym, or ""."""

    at: datetime
    text: str
    by: str = ""


def moments(entries: Iterable[AuditEntry]) -> list[Moment]:
    """Return a line for each act, in the given order: one act on several cameras has several entries."""
    return list(dict.fromkeys(Moment(entry.at, f"{_who(entry)} {entry.sentence}") for entry in entries))


def _who(entry: AuditEntry) -> str:
    if entry.actor_kind == ActorKind.LINK:
        return _("An owner")
    if entry.actor_kind == ActorKind.TASK:
        return _("The portal")
    return entry.actor_pseudonym or _("The owner")


def filtered_list(form: Form, rows: QuerySet[Any], size: int) -> dict[str, Any]:
    """Return a list page's form, its rows and the query of its other pages. size: rows of a page."""
    query = "".join(f"{urlencode({name: form.data[name]})}&" for name in form.fields if form.data.get(name))
    page = Paginator(rows, size).get_page(form.data.get("page"))
    return {"form": form, "page": page, "query": query, "is_filtered": bool(query)}


def cursor(entry: int) -> str:
    return _cipher().encrypt(str(entry).encode()).decode()


def entry_of_cursor(text: str) -> int | None:
    """Return the entry of a cursor, or None for a text that we did not write."""
    try:
        return int(_cipher().decrypt(text.encode()))
    except (InvalidToken, ValueError):
        return None


def _cipher() -> Fernet:
    key = hashlib.sha256(b"registry.cursors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
