"""Watch-hours in the apps below: a message, and flags in the log's search."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from audit import hooks
from audit.hooks import Meaning
from fusus_portal.ground.id_numbers import FLAG, ids_of, number_of
from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.kinds import MessageKind
from integration.watch_hours import messages
from integration.watch_hours.models import WatchFlag


def register() -> None:
    kinds.register(MessageKind.WATCH_FLAGGED, messages.watch_flagged)
    hooks.understand(flag_called)


def flag_called(text: str) -> Iterable[Meaning]:
    ids = ids_of(FLAG, text)
    return [
        Meaning(_("Flag %(number)s") % {"number": number_of(FLAG, flag.pk)}, subjects=(flag.subject,))
        for flag in (WatchFlag.objects.filter(pk__range=ids) if ids else ())
    ]
