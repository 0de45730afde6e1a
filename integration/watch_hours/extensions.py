from collections.abc import Iterable

from django.utils.translation import gettext as _

from audit import hooks
from fusus_portal.ground.numbers import FLAG, ids_of, number_of
from integration.watch_hours.models import WatchFlag


def register() -> None:
    hooks.understand(flag_called)


def flag_called(text: str) -> Iterable[hooks.Meaning]:
    ids = ids_of(FLAG, text)
    return [
        hooks.Meaning(_("Flag %(number)s") % {"number": number_of(FLAG, flag.pk)}, subjects=(flag.subject,))
        for flag in (WatchFlag.objects.filter(pk__range=ids) if ids else ())
    ]
