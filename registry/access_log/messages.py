"""Mails about looks. Their contexts are built when rendered, so that no link is ever stored."""

from collections.abc import Mapping
from datetime import date, datetime

from fusus_portal.ground.notifications.kinds import Context
from registry.access_log.presenters import months, notices
from registry.access_log.selectors.notices import Channel
from registry.people.models import Registrant


def looks_digest(context: Context) -> Mapping[str, object]:
    """Context: registrant (id), since and until (ISO 8601). Entries delayed now are withheld."""
    return _looks(context, Channel.SEARCHES)


def footage_looked_at(context: Context) -> Mapping[str, object]:
    """Context: as of `looks_digest`."""
    return _looks(context, Channel.FOOTAGE)


def month_summary(context: Context) -> Mapping[str, object]:
    """Context: registrant (id), month (its first day, ISO 8601). Entries delayed now are withheld."""
    registrant = Registrant.objects.get(pk=str(context["registrant"]))
    return months.letter(registrant, date.fromisoformat(str(context["month"])))


def _looks(context: Context, channel: Channel) -> Mapping[str, object]:
    since, until = (datetime.fromisoformat(str(context[name])) for name in ("since", "until"))
    return notices.letter(Registrant.objects.get(pk=str(context["registrant"])), channel, since=since, until=until)
