"""The variables of a kind's templates, whatever channel they are rendered for."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from fusus_portal.ground.agency.selectors import words
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.terms import KINDS

Build = Callable[[], Mapping[str, object]]


def variables_of(*, kind: MessageKind, build: Build, number: str, language: str) -> Mapping[str, Any]:
    """Return what `build` gives, with what every template has. Called in the message's language.

    number: of the message, where `build` gives none. Raises ImproperlyConfigured when `build` leaves out a variable.
    """
    built = build()
    missing = KINDS[kind].variables - built.keys()
    if missing:
        raise ImproperlyConfigured(f"the builder of {kind.value} left out {', '.join(sorted(missing))}")
    return {"number": number, "language": language, "agency": words(), **built}
