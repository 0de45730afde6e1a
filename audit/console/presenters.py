"""The auditors' pages: a search with its chart and suggestions, one entry, and alarms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit import hooks
from audit.console.entry import (
    Verdict,
    VerdictKind,
    actor_name,
    entry_sentence,
    folds_of,
    is_look_at_owner,
    local_time,
    names_of_subjects,
    neighbors,
    rows_of,
    same_transaction,
    subject_name,
    utc_time,
    writer_of,
)
from audit.console.models import MailTimes, SavedFilter
from audit.console.search.query import LogQuery
from audit.console.search.steps import NEXT_BAR, Timeline
from audit.console.services import LogPosition, ResultPage
from audit.hooks import pseudonyms
from audit.ledger import publication
from audit.ledger.alarms import AlarmKind, open_alarms, settled_alarms
from audit.ledger.checks.watch import last_check, last_whole_check
from audit.ledger.models import Alarm, Checkpoint
from audit.ledger.receipts import is_public
from audit.ledger.tree import tiles
from audit.ledger.tree.tiles import sealed_entries
from audit.log.models import AuditEntry
from audit.log.selectors import details_of
from fusus_portal.ground.numbers import CAMERA, FLAG, VIEW

CHART_HEIGHT = 96
"""Height of the chart in pixels. Horizontal positions are percent of its width."""

BAR_GAP = 0.15
"""Part of the room of a bar, from 0 to 1, that stays empty."""

MOST_LABELS = 6
"""At most this many moments are written below the chart."""

LABEL_FORMS = {"hour": "N j, g a", "day": "D, N j", "month": "N Y"}


def timeline_chart(timeline: Timeline | None) -> dict[str, Any] | None:
    if timeline is None or not timeline.bars:
        return None
    counts = [count for _begin, count in timeline.bars]
    top = axis_top(counts)
    bars: list[dict[str, Any]] = [
        {
            **place,
            "label": formatted(begin, LABEL_FORMS[timeline.unit]),
            "count": count,
            **_bar_days(begin, timeline.unit),
        }
        for (begin, count), place in zip(timeline.bars, bar_places(counts, top), strict=True)
    ]
    return {
        "bars": bars,
        "said": _chart_summary(timeline),
        "unit": UNIT_NAMES[timeline.unit](),
        "labels": bar_labels(bars),
        "top": f"{top:,}",
        "half": f"{top // 2:,}" if top > 1 else "",
        "height": CHART_HEIGHT,
    }


def axis_top(counts: Sequence[int]) -> int:
    """Return the number at the top of the chart's axis: round, and above 1 even, so that its half is a whole number."""
    most = max(counts, default=0)
    power = 10 ** (len(str(most)) - 1)
    return next((step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= most), most)


def bar_places(counts: Sequence[int], top: int) -> Iterator[dict[str, float]]:
    """Yield each count's bar, visible if above 0. begin, room: left edge and width of its room, gaps included."""
    room = 100 / len(counts)
    width = round(room * (1 - BAR_GAP), 3)
    for number, count in enumerate(counts):
        height = max(round(CHART_HEIGHT * count / top, 1), 1.5) if count else 0.0
        begin = number * room
        x = round(begin + room * BAR_GAP / 2, 3)
        yield {
            "x": x,
            "y": round(CHART_HEIGHT - height, 1),
            "width": width,
            "height": height,
            "begin": round(begin, 3),
            "room": round(room, 3),
        }


def top_of_bars(bars: Sequence[dict[str, Any]]) -> Any:
    return max(bars, key=lambda bar: bar["height"])["number"]


def bar_labels(bars: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return labels for MOST_LABELS bars at most, evenly spread, each at the middle of its bar."""
    every = -(-len(bars) // MOST_LABELS)
    return [{"x": round(bar["begin"] + bar["room"] / 2, 3), "label": bar["label"]} for bar in bars[every // 2 :: every]]


def _bar_days(begin: datetime, unit: str) -> dict[str, str]:
    last = begin
    if unit == "month":
        last = (begin + NEXT_BAR[unit]).replace(day=1) - timedelta(days=1)
    return {"since": f"{begin:%Y-%m-%d}", "until": f"{last:%Y-%m-%d}"}


def _chart_summary(timeline: Timeline) -> str:
    count = sum(count for _begin, count in timeline.bars)
    number = f"{count:,}"
    if timeline.is_whole:
        return ngettext("All of the one entry found", "All %(number)s entries found", count) % {"number": number}
    newest = ngettext("Only the newest entry found", "Only the newest %(number)s entries found", count)
    return _("%(newest)s; older ones are not in the picture") % {"newest": newest % {"number": number}}


UNIT_NAMES = {"hour": lambda: _("per hour"), "day": lambda: _("per day"), "month": lambda: _("per month")}


WORD_LIST = "log-words"


SUGGESTED_KINDS: tuple[tuple[str | Promise, str | Promise], ...] = (
    ("today", gettext_lazy("Day")),
    ("yesterday", gettext_lazy("Day")),
    ("this week", gettext_lazy("Days")),
    ("last week", gettext_lazy("Days")),
    ("last 30 days", gettext_lazy("Days")),
    ("last month", gettext_lazy("Days")),
    ("R-", gettext_lazy("Number of a request")),
    ("E-", gettext_lazy("Number of a file of footage")),
    (f"{VIEW}-", gettext_lazy("Number of a live view")),
    (f"{CAMERA}-", gettext_lazy("Number of a camera")),
    ("G-", gettext_lazy("Reference of an owner")),
    ("O-", gettext_lazy("Number of an order")),
    (f"{FLAG}-", gettext_lazy("Number of a flag")),
)
"""Words that the search box suggests to every auditor, and beginnings of numbers, each with its kind."""


def suggestions(saved: Iterable[str]) -> list[tuple[str | Promise, str | Promise]]:
    return [
        *((name, _("Saved search")) for name in saved),
        *SUGGESTED_KINDS,
        *((each, _("Staff")) for each in sorted(pseudonyms.answer())),
    ]


SEARCH_FIELD = "search"


def carried(search: str) -> str:
    return urlencode({SEARCH_FIELD: search}) if search else ""


def search_page(
    wanted: LogQuery, page: ResultPage, place: LogPosition, *, saved: Iterable[SavedFilter], here: str, before: str = ""
) -> dict[str, Any]:
    """Return a page of results without form. here: this search as a query. before: the one that led here, or ""."""
    kept = list(saved)
    return {
        "folds": folds_of(rows_of(page.entries)),
        "chart": timeline_chart(page.timeline),
        "understood": [meaning.said for meaning in (*wanted.meanings, *wanted.also_meanings)],
        "is_understood": wanted.is_understood,
        "is_first": place.is_first,
        "here": here,
        "carried": carried(here),
        "before": before,
        "kept": f"{carried(before)}&" if before else "",
        "saved": kept,
        "mail_times": MailTimes.choices,
        "suggestions": suggestions([each.name for each in kept]),
        "older": urlencode({"before": page.older}) if page.older is not None else "",
        "newer": urlencode({"after": page.newer}) if page.newer is not None else "",
        "looked_to": looked_to(page),
    }


def looked_to(page: ResultPage) -> str:
    if page.looked_to is None:
        return ""
    edge = AuditEntry.objects.filter(id__gte=page.looked_to).order_by("id").first()
    when = f"{local_time(edge.at)}, {edge.at:%Y}" if edge else ""
    sentence = _("Looked back as far as entry %(entry)s of %(when)s. Older entries may fit, too.")
    return sentence % {"entry": f"{page.looked_to:,}", "when": when}


VERDICT_OUTCOMES = {
    VerdictKind.GOOD: ("success", gettext_lazy("This entry is what was sealed")),
    VerdictKind.WAITS: ("info", gettext_lazy("This entry waits for its place in the tree")),
    VerdictKind.WRONG: ("error", gettext_lazy("This entry is not what was sealed")),
}


class Fact(NamedTuple):
    """One fact about an entry. query: search for all entries that share it, or "". code: True for an id."""

    term: str | Promise
    value: str
    query: str = ""
    code: bool = False


def entry_page(entry: AuditEntry, verdict: Verdict | None = None, *, search: str = "") -> dict[str, Any]:
    (row,) = rows_of([entry])
    return {
        "entry": entry,
        "row": row,
        "groups": [
            (_("Who"), who_facts(entry)),
            (_("What"), what_facts(entry)),
            (_("When"), when_facts(entry)),
            (_("Where from"), source_facts(entry)),
        ],
        "proof": proof_facts(entry),
        "sealed": sealed_text(entry),
        "is_public": is_public(entry.pk),
        "around": neighbors(entry),
        "beside": folds_of(rows_of(same_transaction(entry))),
        "search": search,
        "back": f"{reverse('audit')}{f'?{search}' if search else ''}#entry-{entry.pk}",
        "carried": carried(search),
        **verdict_of(verdict),
    }


def verdict_of(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {}
    kind, heading = VERDICT_OUTCOMES[verdict.kind]
    now = formatted(timezone.localtime(), "N j, Y, g:i:s a T")
    if verdict.kind is VerdictKind.GOOD:
        held = _("Checked at %(now)s against the signed tree of size %(size)s.")
    elif verdict.kind is VerdictKind.WAITS:
        held = _("Checked at %(now)s. The sealer gives an entry its place within a second; check again in a moment.")
    else:
        held = _("Checked at %(now)s against the signed tree of size %(size)s. Staff are told.")
    said = held % {"now": now, "size": f"{verdict.size:,}"}
    return {"verdict": verdict, "verdict_kind": kind, "verdict_heading": heading, "verdict_said": said}


def who_facts(entry: AuditEntry) -> list[Fact]:
    role = entry.actor_role.replace("_", " ")
    return _known(
        Fact(_("Actor"), actor_name(entry)),
        Fact(_("Kind"), entry.actor_kind, urlencode({"actor_kind": entry.actor_kind})),
        Fact(_("Role"), role, urlencode({"actor_role": entry.actor_role})),
        Fact(_("Id"), entry.actor_id, urlencode({"actor": entry.actor_id}), code=True),
    )


def what_facts(entry: AuditEntry) -> list[Fact]:
    names = names_of_subjects([entry])
    incident = hooks.names("incident", [entry.incident_id]).get(entry.incident_id, entry.incident_id)
    camera = hooks.names("camera", [entry.camera_id]).get(entry.camera_id, entry.camera_id)
    subject = {"subject_kind": entry.subject_kind, "subject": entry.subject_id}
    is_owners = is_look_at_owner(entry)
    facts = _known(
        Fact(_("Act"), entry_sentence(entry)),
        Fact(_("Event"), entry.event, urlencode({"event": entry.event}), code=True),
        Fact(_("Outcome"), entry.outcome, urlencode({"outcome": entry.outcome})),
        Fact(_("Reason as typed"), text_of(entry, "reason")),
        Fact(_("Object"), subject_name(entry, names), urlencode(subject) if entry.subject_id else ""),
        Fact(_("Id of the object"), entry.subject_id, code=True),
        Fact(_("Whose name") if is_owners else _("Camera"), camera, urlencode({"camera": entry.camera_id})),
        Fact(
            _("Number of this owner's entries") if is_owners else _("Number of this camera's entries"),
            str(entry.camera_number or ""),
        ),
        Fact(_("Incident"), incident, urlencode({"incident": entry.incident_id})),
        Fact(_("Crime or emergency"), entry.offence_type, urlencode({"offence_type": entry.offence_type})),
        Fact(_("Kind of place"), entry.premises_type, urlencode({"premises_type": entry.premises_type})),
        Fact(_("Area (ZIP code)"), entry.area, urlencode({"area": entry.area})),
    )
    for name, value in sorted(entry.facts.items()):
        facts.append(Fact(name.replace("_", " "), hooks.names(name, [str(value)]).get(str(value), str(value))))
    return facts


def when_facts(entry: AuditEntry) -> list[Fact]:
    day = f"{timezone.localtime(entry.at):%Y-%m-%d}"
    return [
        Fact(_("In UTC"), f"{utc_time(entry.at)} UTC"),
        Fact(_("Local time"), formatted(timezone.localtime(entry.at), "N j, Y, g:i:s a T"), urlencode({"word": day})),
    ]


def source_facts(entry: AuditEntry) -> list[Fact]:
    address = text_of(entry, "address")
    facts = _known(
        Fact(_("Network address"), address, urlencode({"address": address}) if address != expired() else ""),
        Fact(_("Browser"), text_of(entry, "agent")),
        Fact(_("Sign-in"), entry.sign_in, urlencode({"actor": entry.actor_id, "sign_in": entry.sign_in}), code=True),
    )
    transaction, login = writer_of(entry)
    return [
        *(facts or [Fact(_("Source"), _("The portal's own machine"))]),
        Fact(_("Sign-in of the database"), login, code=True),
        Fact(_("Transaction"), str(transaction), code=True),
    ]


def proof_facts(entry: AuditEntry) -> list[Fact]:
    index = tiles.index_of(entry.pk)
    if index is None:
        return [Fact(_("State"), _("Waits for the sealer, which gives it a place in the tree within a second."))]
    place = Fact(_("Place in the tree"), f"{index:,}")
    first = Checkpoint.objects.filter(size__gt=index).order_by("size").first()
    if first is None:  # an entry taken out by force; the check reports it
        return [place]
    return [
        place,
        Fact(_("Sealed"), _moment(first.at)),
        Fact(_("Signed tree"), ngettext("%(size)s place", "%(size)s places", first.size) % {"size": f"{first.size:,}"}),
        Fact(_("For the public"), _publicly(index, first)),
    ]


def sealed_text(entry: AuditEntry) -> str:
    """Return the bytes of an entry as sealed, which are JSON; "" while it waits for the sealer."""
    found = sealed_entries([entry.pk]).get(entry.pk)
    return found[1].decode(errors="replace") if found else ""


def text_of(entry: AuditEntry, kind: str) -> str:
    """Return the reason, address or agent of an entry: "" without one, a sentence in place of an expired text."""
    digest = getattr(entry, f"{kind}_digest")
    if not digest:
        return ""
    detail = details_of([entry]).get(bytes(digest))
    return detail.text if detail else expired()


def expired() -> str:
    return _("Expired: the text is deleted after its time; its fingerprint stays in the entry.")


def _publicly(index: int, first: Checkpoint) -> str:
    published = publication.published()
    if published is not None and published.size > index:
        return _("Publicly checkable")
    return _("Publicly checkable from %(when)s on") % {"when": _moment(publication.public_from(first.at))}


def _moment(at: datetime) -> str:
    return formatted(timezone.localtime(at), "N j, Y, g:i a T")


def _known(*facts: Fact) -> list[Fact]:
    return [fact for fact in facts if fact.value]


def alarms_page() -> Mapping[str, object]:
    return {
        "open": [alarm_line(alarm) for alarm in open_alarms()],
        "settled": [alarm_line(alarm) for alarm in settled_alarms()],
        "check": last_check(),
        "whole": last_whole_check(),
    }


def alarm_line(alarm: Alarm) -> Mapping[str, object]:
    """Return an alarm with its kind. passed: True if the task that saw the fault end settled it, not a person."""
    return {"alarm": alarm, "kind": AlarmKind(alarm.kind), "passed": "." in alarm.settled_by}
