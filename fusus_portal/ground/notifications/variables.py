"""The variables of a kind's subject, text and template, the same for every channel."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from fusus_portal.ground.agency.selectors import words
from fusus_portal.ground.notifications.kinds import Kind

Build = Callable[[], Mapping[str, object]]


def variables_of(*, kind: Kind, build: Build, number: str) -> dict[str, Any]:
    """Return the variables that `build` returns, and those of every message. Called in the message's language.

    number: of the message, if `build` returns none. Raises ImproperlyConfigured if `build` omits a variable of the
    kind.
    """
    built = build()
    missing = kind.variables - built.keys()
    if missing:
        raise ImproperlyConfigured(f"the builder of {kind.name.value} left out {', '.join(sorted(missing))}")
    return {"number": number, "agency": words(), **built}
