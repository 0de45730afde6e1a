"""The page of one entry: its facts, its place in the tree, and the entries around it."""

from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit import hooks
from audit.console.entry.folds import folds_of
from audit.console.entry.neighbors import Neighbors, neighbors, same_transaction, writer_of
from audit.console.entry.rows import Row, about, is_about_owner, names_of_subjects, rows_of, sentence, utc, who
from audit.console.entry.verdict import Verdict, VerdictKind
from audit.console.presenters.search_page import carried
from audit.ledger import publication
from audit.ledger.models import Checkpoint
from audit.ledger.receipts import is_public
from audit.ledger.tree import tiles
from audit.ledger.tree.sealed_entries import sealed
from audit.log.models import AuditEntry
from audit.log.selectors import details_of

OUTCOME = {
    VerdictKind.GOOD: ("success", gettext_lazy("This entry is what was sealed")),
    VerdictKind.WAITS: ("info", gettext_lazy("This entry waits for its place in the tree")),
    VerdictKind.WRONG: ("error", gettext_lazy("This entry is not what was sealed")),
}


class Fact(NamedTuple):
    """One fact about an entry. query: search for all entries that share it, or "". code: an id or a hash."""

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
        "around": [_around(each) for each in neighbors(entry)],
        "beside": folds_of(rows_of(same_transaction(entry))),
        "search": search,
        "back": f"{reverse('audit')}{f'?{search}' if search else ''}#entry-{entry.pk}",
        "carried": carried(search),
        **verdict_of(verdict),
    }


def verdict_of(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {}
    kind, heading = OUTCOME[verdict.kind]
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
        Fact(_("Actor"), who(entry)),
        Fact(_("Kind"), entry.actor_kind, urlencode({"actor_kind": entry.actor_kind})),
        Fact(_("Role"), role, urlencode({"actor_role": entry.actor_role})),
        Fact(_("Id"), entry.actor_id, urlencode({"actor": entry.actor_id}), code=True),
    )


def what_facts(entry: AuditEntry) -> list[Fact]:
    names = names_of_subjects([entry])
    incident = hooks.names("incident", [entry.incident_id]).get(entry.incident_id, entry.incident_id)
    camera = hooks.names("camera", [entry.camera_id]).get(entry.camera_id, entry.camera_id)
    subject = {"subject_kind": entry.subject_kind, "subject": entry.subject_id}
    is_owners = is_about_owner(entry)
    facts = _known(
        Fact(_("Act"), sentence(entry)),
        Fact(_("Event"), entry.event, urlencode({"event": entry.event}), code=True),
        Fact(_("Outcome"), entry.outcome, urlencode({"outcome": entry.outcome})),
        Fact(_("Reason as typed"), text_of(entry, "reason")),
        Fact(_("Object"), about(entry, names), urlencode(subject) if entry.subject_id else ""),
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
    return [
        *facts,
        *(Fact(name.replace("_", " "), _called(name, str(value))) for name, value in sorted(entry.facts.items())),
    ]


def _called(kind: str, value: str) -> str:
    return hooks.names(kind, [value]).get(value, value)


def when_facts(entry: AuditEntry) -> list[Fact]:
    day = f"{timezone.localtime(entry.at):%Y-%m-%d}"
    return [
        Fact(_("In UTC"), f"{utc(entry.at)} UTC"),
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
    """Return the bytes of an entry as sealed, which are JSON; "" while it waits."""
    found = sealed([entry.pk]).get(entry.pk)
    return found[1].decode(errors="replace") if found else ""


def text_of(entry: AuditEntry, kind: str) -> str:
    """Return a text that an entry names by digest, a sentence if it has expired, or "" without one."""
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


def _around(found: Neighbors) -> dict[str, Any]:
    rows: dict[int | None, Row] = {row.entry.pk: row for row in rows_of(filter(None, (found.before, found.after)))}
    return {
        "title": found.title,
        "query": urlencode(found.search),
        "before": rows.get(found.before.pk if found.before else None),
        "after": rows.get(found.after.pk if found.after else None),
    }
