"""What the public sees of the tree: one checkpoint an hour, whatever is done and seen in between.

A live checkpoint would tell the street that somebody is looking. So what is public is the tree as of the last
full hour; a sealer that was away catches up with that, and with nothing newer. All times are the database's: a clock
that jumps back publishes nothing until it has passed the last publication by an hour again.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.ledger import witnesses
from audit.ledger.models import Checkpoint, Publication
from audit.ledger.witnesses import Head


def hour_of(at: datetime) -> datetime:
    """Return the last full hour (or other length of time that is set) before a moment."""
    length = settings.LEDGER_PUBLISH_SECONDS
    return datetime.fromtimestamp(int(at.timestamp()) // length * length, UTC)


def public_from(at: datetime) -> datetime:
    """Return when what is sealed at a moment becomes public."""
    return hour_of(at) + timedelta(seconds=settings.LEDGER_PUBLISH_SECONDS)


def how_often() -> str:
    """Return how often what is public moves, for every sentence that says so."""
    minutes = settings.LEDGER_PUBLISH_SECONDS // 60
    if minutes == 60:
        return _("once an hour")
    return ngettext("once a minute", "once every %(number)d minutes", minutes) % {"number": minutes}


def publish(*, hour: datetime) -> Publication | None:
    """Publish the tree as of this hour, once witnesses have signed it; return it, or None for nothing to do.

    Nothing is done when it is public already, or something was published in this hour. Raises `witnesses.Forked` and
    `heads.RolledBack`, and then nothing is public.
    """
    checkpoint = Checkpoint.objects.filter(at__lt=hour).order_by("-size").first()
    last = published()
    if checkpoint is None or (last is not None and (checkpoint.size <= last.size or last.at >= hour)):
        return None
    signatures = witnesses.cosigned(Head(checkpoint.size, checkpoint.note), last=last)
    return Publication.objects.create(size=checkpoint.size, note=checkpoint.note + signatures)


def published() -> Publication | None:
    """Return what is public now."""
    return Publication.objects.order_by("-size").first()
