from collections.abc import Callable, Mapping

from django.core.exceptions import ImproperlyConfigured

from fusus_portal.ground.agency.selectors import words
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.terms import KINDS

Build = Callable[[], Mapping[str, object]]


def variables_of(*, kind: MessageKind, build: Build, number: str, language: str) -> Mapping[str, object]:
    """Return the template's variables, in the message's language. Raises ImproperlyConfigured for a missing one."""
    built = build()
    missing = KINDS[kind].variables - built.keys()
    if missing:
        raise ImproperlyConfigured(f"the builder of {kind.value} left out {', '.join(sorted(missing))}")
    return {"number": number, "language": language, "agency": words(), **built}
