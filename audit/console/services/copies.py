"""Copies of a search: as a table, as the sealed bytes, or on paper. The entry comes before the file."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.console.copies.contents import Form, Taken
from audit.console.search.query import Wanted
from audit.console.search.steps import Way, walk
from audit.console.services.searches import LOG
from audit.ledger.models import Checkpoint
from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record

SECONDS = 20.0
"""Most seconds to find the entries of an export; the server gives a request up after 30."""

MOST = {Form.TABLE: 100_000, Form.SEALED: 100_000, Form.PAPER: 2_000}
"""Entries that one file holds."""

TOO_MANY = _(
    "That is more than %(most)s entries, the most that one file of this kind holds. Choose a shorter time, or one "
    "person."
)
TOO_LONG = _("Looking through so much takes too long. Name a person, an incident, or a shorter time.")


def take(*, wanted: Wanted, form: Form, by: Actor) -> Taken:
    """Return the matches, to be written as a file. Raises ValidationError for no matches, and for too many."""
    taken = prepared(wanted=wanted, form=form)
    with transaction.atomic():
        note(taken, by=by)
    return taken


def prepared(*, wanted: Wanted, form: Form) -> Taken:
    """Return the ids of the matches, without their contents. Raises as `take`."""
    return Taken(form, wanted.said(), _ids(wanted, form), Checkpoint.objects.order_by("-size").first())


def note(taken: Taken, *, by: Actor) -> None:
    facts = {
        "form": taken.form.value,
        "entries": len(taken.entries),
        "newest": taken.entries[0],
        "oldest": taken.entries[-1],
        "size": taken.size,
    }
    record(event=Event.LOG_EXPORTED, actor=by, subject=LOG, reason=taken.said, facts=facts)


def _ids(wanted: Wanted, form: Form) -> list[int]:
    most = MOST[form]
    found = walk(wanted, Way(most=most, seconds=SECONDS, columns=("id",)))
    if found.is_full:
        raise ValidationError(TOO_MANY, params={"most": f"{most:,}"})
    if found.go_on is not None:
        raise ValidationError(TOO_LONG)
    if not found.entries:
        raise ValidationError(_("Nothing was found, so there is nothing to download."))
    return [entry.id for entry in found.entries]
