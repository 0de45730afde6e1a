"""The public state of the tree: one checkpoint an hour, independent of acts and looks.

A live checkpoint would reveal that somebody is looking. So the tree as of the last full hour is public; a sealer that
was away publishes that one, and nothing newer. All times are the database's: after a clock jumps back, nothing is
published until an hour after the last publication.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _, ngettext

from audit.ledger import witnesses
from audit.ledger.models import Checkpoint, Publication


def hour_of(at: datetime) -> datetime:
    """Return the beginning of the full hour (or other configured interval) that a moment is in."""
    length = settings.LEDGER_PUBLISH_SECONDS
    return datetime.fromtimestamp(int(at.timestamp()) // length * length, UTC)


def public_from(at: datetime) -> datetime:
    return hour_of(at) + timedelta(seconds=settings.LEDGER_PUBLISH_SECONDS)


def how_often() -> str:
    minutes = settings.LEDGER_PUBLISH_SECONDS // 60
    if minutes == 60:
        return _("once an hour")
    return ngettext("once a minute", "once every %(number)d minutes", minutes) % {"number": minutes}


def publish(*, hour: datetime) -> Publication | None:
    """Publish this hour's tree, with witnesses' signatures; return it, or None if that tree or hour is public already.

    Raises `witnesses.Forked` and `heads.RolledBack`, and then publishes nothing.
    """
    checkpoint = Checkpoint.objects.filter(at__lt=hour).order_by("-size").first()
    last = published()
    if checkpoint is None or (last is not None and (checkpoint.size <= last.size or last.at >= hour)):
        return None
    signatures = witnesses.cosigned(checkpoint, last=last)
    return Publication.objects.create(size=checkpoint.size, note=checkpoint.note + signatures)


def published() -> Publication | None:
    return Publication.objects.order_by("-size").first()
