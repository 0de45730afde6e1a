"""Entries of the log on pages: lines, repeated lines as one, the page of an entry with its neighbors, and a new check.

The check reads and hashes everything anew: row, bytes, leaf, and the path from there to the signed root. The path is
climbed as in RFC 9162, 2.1.3.2, by code that shares nothing with the code that made the tree.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from hashlib import sha256
from itertools import groupby
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit import hooks
from audit.console.facts import label_of, value_of
from audit.ledger import keys, publication
from audit.ledger.models import WIDTH, Checkpoint
from audit.ledger.notes import BadNote, TreeHead, read_checkpoint
from audit.ledger.receipts import is_public
from audit.ledger.tree import tiles
from audit.ledger.tree.leaves import written_entries
from audit.ledger.tree.merkle import HASH_BYTES, leaf_hash, node_hash
from audit.ledger.tree.tiles import NoSuchTile, Tree
from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditDetail, AuditEntry
from audit.log.selectors import by_actor, details_of, reasons_of
from fusus_portal.ground.numbers import CAMERA, number_of
from fusus_portal.ground.zones import zoned

OUTCOME_KINDS = {"done": "quiet", "refused": "warn"}
"""Style of the tag that shows an outcome; any other outcome is shown as bad."""


def rows_of(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """Return lines of the log. reason: "" if none was given or it has expired. clock: hour on the agency's clock."""
    page = list(entries)
    reasons = reasons_of(page)
    incidents = hooks.names("incident", (entry.incident_id for entry in page))
    names = names_of_subjects(page)
    cameras = hooks.names("camera", (entry.camera_id for entry in page))
    return [
        {
            "entry": entry,
            "who": actor_name(entry),
            "what": entry_sentence(entry),
            "about": subject_name(entry, names),
            "incident": incidents.get(entry.incident_id, ""),
            "reason": reasons.get(bytes(entry.reason_digest or b""), ""),
            "facts": facts_text(entry),
            "utc": utc_time(entry.at),
            "local": local_time(entry.at),
            "clock": zoned(entry.at, "g:i a T"),
            "outcome_kind": OUTCOME_KINDS.get(entry.outcome, "bad"),
            "camera": number_of(CAMERA, entry.camera_id) if entry.camera_id and not is_look_at_owner(entry) else "",
            "camera_called": cameras.get(entry.camera_id, ""),
        }
        for entry in page
    ]


def facts_text(entry: AuditEntry) -> str:
    return ", ".join(f"{name}: {value}" for name, value in sorted(entry.facts.items()))


def is_look_at_owner(entry: AuditEntry) -> bool:
    """True for a look at an owner's name and address: its camera number counts those looks, not a camera's entries."""
    return entry.event == Event.OWNER_SEEN


def actor_name(entry: AuditEntry) -> str:
    if entry.actor_kind == ActorKind.VISITOR:
        return _("A visitor")
    if entry.actor_kind == ActorKind.LINK:
        return _("The owner, by link")
    if entry.actor_kind == ActorKind.TASK:
        return _("The portal itself")
    return entry.actor_pseudonym or entry.actor_role.capitalize()


def entry_sentence(entry: AuditEntry) -> str:
    return entry.sentence if entry.event in set(Event) else entry.event


def names_of_subjects(entries: Sequence[AuditEntry]) -> Mapping[tuple[str, str], str]:
    kinds = {entry.subject_kind for entry in entries}
    called = {kind: hooks.names(kind, (e.subject_id for e in entries if e.subject_kind == kind)) for kind in kinds}
    return {(kind, pk): name for kind, names in called.items() for pk, name in names.items()}


def subject_name(entry: AuditEntry, names: Mapping[tuple[str, str], str]) -> str:
    kind = entry.subject_kind.replace("_", " ").replace("-", " ")
    name = names.get((entry.subject_kind, entry.subject_id), "")
    return f"{kind} {name or short_id(entry.subject_id)}".strip()


def short_id(pk: str) -> str:
    return f"{pk[:8]}…" if len(pk) > 16 else pk


def utc_time(at: datetime) -> str:
    """Return a time in UTC to hundredths of a second (CJIS AU-8)."""
    there = at.astimezone(UTC)
    return f"{there:%Y-%m-%d %H:%M:%S}.{there.microsecond // 10_000:02}"


def local_time(at: datetime) -> str:
    return zoned(at, "N j, g:i:s a T")


LEAST_FOLDED = 3
"""Fewest repeated lines that a page shows as one line."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Consecutive lines that differ in object and moment only. A page shows the first, and how many more there are."""

    rows: Sequence[dict[str, Any]]

    @property
    def more(self) -> int:
        return len(self.rows) - 1 if len(self.rows) >= LEAST_FOLDED else 0


def folds_of(rows: Iterable[dict[str, Any]]) -> list[Fold]:
    """Return the lines in order, three or more repeated ones as one fold, any other as a fold alone."""
    folds = [Fold(list(same)) for _key, same in groupby(rows, _repeated_key)]
    return [part for fold in folds for part in ([fold] if fold.more else (Fold([row]) for row in fold.rows))]


def _repeated_key(row: dict[str, Any]) -> tuple[str, ...]:
    entry: AuditEntry = row["entry"]
    by = (entry.actor_kind, entry.actor_id, entry.actor_pseudonym, entry.sign_in)
    return (entry.event, entry.outcome, *by, entry.subject_kind, entry.incident_id or "", row["reason"])


NEARBY_IDS = 10_000
"""Other entries of a transaction are looked for among ids at most this far from an entry's own."""

MOST_BESIDE = 25


def neighbors(entry: AuditEntry) -> list[dict[str, Any]]:
    """Return the entries before and after one by its actor, incident, camera and object. query: search for all such."""
    found = []
    if entry.actor_id:
        same = by_actor(entry.actor_id)
        found.append(_around(_("By the same actor"), {"actor": entry.actor_id}, *_beside(entry, same)))
    if entry.incident_id:
        same = Q(incident_id=entry.incident_id)
        found.append(_around(_("Of the same incident"), {"incident": entry.incident_id}, *_beside(entry, same)))
    if entry.camera_id:
        found.append(_around(_("Of the same camera"), {"camera": entry.camera_id}, *_beside_of_camera(entry)))
    if entry.subject_id and entry.subject_kind != "camera":
        search = {"subject_kind": entry.subject_kind, "subject": entry.subject_id}
        same = Q(subject_kind=entry.subject_kind, subject_id=entry.subject_id)
        found.append(_around(_("About the same object"), search, *_beside(entry, same)))
    return found


def writer_of(entry: AuditEntry) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction::text::bigint, db_role FROM audit_entry WHERE id = %s", [entry.pk])
        transaction, login = cursor.fetchone()
    return int(transaction), str(login)


def acts_of(entries: Iterable[AuditEntry]) -> dict[int, int]:
    """Return the transaction that wrote each entry, by the entry's id. All entries of one act have the same one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, transaction::text::bigint FROM audit_entry WHERE id = ANY(%s)", [[each.pk for each in entries]]
        )
        return dict(cursor.fetchall())


def ids_beside(entry: AuditEntry) -> list[int]:
    """Return the ids of the other entries of one act, those of the same transaction, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT other.id FROM audit_entry AS this JOIN audit_entry AS other USING (transaction) "
            "WHERE this.id = %(id)s AND other.id <> %(id)s AND other.id BETWEEN %(low)s AND %(high)s "
            "ORDER BY other.id",
            {"id": entry.pk, "low": entry.pk - NEARBY_IDS, "high": entry.pk + NEARBY_IDS},
        )
        return [pk for (pk,) in cursor.fetchall()]


def same_transaction(entry: AuditEntry) -> list[AuditEntry]:
    """Return the other entries of one act, MOST_BESIDE at most."""
    return list(AuditEntry.objects.filter(id__in=ids_beside(entry)[:MOST_BESIDE]).order_by("id"))


Beside = tuple[AuditEntry | None, AuditEntry | None]


def _around(title: str, search: Mapping[str, str], *beside: AuditEntry | None) -> dict[str, Any]:
    rows: dict[Any, Any] = {row["entry"]: row for row in rows_of(filter(None, beside))}
    before, after = map(rows.get, beside)
    return {"title": title, "query": urlencode(search), "before": before, "after": after}


def _beside(entry: AuditEntry, same: Q) -> Beside:
    others: QuerySet[AuditEntry] = AuditEntry.objects.filter(same)
    before = others.filter(id__lt=entry.pk).order_by("-id").first()
    return before, others.filter(id__gt=entry.pk).order_by("id").first()


def _beside_of_camera(entry: AuditEntry) -> Beside:
    """Return the entries before and after one of the same camera, by `camera_number`: an index without gaps."""
    numbers = (entry.camera_number - 1, entry.camera_number + 1)
    others = AuditEntry.objects.filter(camera_id=entry.camera_id, camera_number__in=numbers)
    found = {other.camera_number: other for other in others}
    return found.get(numbers[0]), found.get(numbers[1])


Read = TypeVar("Read")


class VerdictKind(StrEnum):
    GOOD = "good"
    WAITS = "waits"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Step:
    """One comparison of a check. holds: True if all is as sealed; None if unknown, as for an expired text."""

    what: str | Promise
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of checking an entry. size: leaves of the signed tree that the entry was compared with, 0 without one."""

    kind: VerdictKind
    steps: tuple[Step, ...]
    size: int = 0


def verdict_on(entry: int) -> Verdict:
    tiles.forget()
    row = AuditEntry.objects.get(pk=entry)
    index = tiles.index_of(entry)
    if index is None:
        return Verdict(VerdictKind.WAITS, tuple(_text_steps(row)))
    signed = Checkpoint.objects.filter(size__gt=index).order_by("-size").first()
    steps = (*_text_steps(row), *_tree_steps(row, index, signed))
    wrong = any(step.holds is False for step in steps)
    return Verdict(VerdictKind.WRONG if wrong else VerdictKind.GOOD, steps, signed.size if signed else 0)


def _text_steps(row: AuditEntry) -> Iterator[Step]:
    for kind, what in TEXT_STEPS.items():
        digest = getattr(row, f"{kind}_digest")
        if digest is None:
            continue
        detail = AuditDetail.objects.filter(digest=bytes(digest)).first()
        hashed = sha256(bytes(detail.salt) + detail.text.encode()).digest() if detail else None
        yield Step(what, None if hashed is None else hashed == bytes(digest))


TEXT_STEPS = {
    AuditDetail.Kind.REASON: gettext_lazy("The reason is the one that was typed"),
    AuditDetail.Kind.ADDRESS: gettext_lazy("The network address is the one that was recorded"),
    AuditDetail.Kind.AGENT: gettext_lazy("The browser is the one that was recorded"),
}


def _tree_steps(row: AuditEntry, index: int, signed: Checkpoint | None) -> Iterator[Step]:
    tree, (n, place) = Tree(), divmod(index, WIDTH)
    stored = _readable(partial(tiles.entry_at, index))
    with connection.cursor() as cursor:
        [(_entry, written)] = written_entries(cursor, [row.pk])
    yield Step(gettext_lazy("The row of the log has the bytes that were sealed"), stored == written)
    leaf = leaf_hash(stored or b"")
    hashes = _readable(partial(tree.tile, 0, n, place + 1)) or b""
    yield Step(gettext_lazy("The bytes have the hash that is in the tree"), leaf == hashes[-HASH_BYTES:])
    head = _signed_head(signed)
    yield Step(gettext_lazy("The checkpoint is signed by the key of this log"), head is not None)
    proof = _readable(partial(tree.inclusion_proof, index, head.size)) if head else None
    root = climbed_root(leaf, index, head.size, proof) if head and proof is not None else None
    leads_there = head is not None and root == head.root
    yield Step(gettext_lazy("The path from the leaf leads to the root that was signed"), leads_there)


def _signed_head(signed: Checkpoint | None) -> TreeHead | None:
    if signed is None:
        return None
    head = _readable(lambda: read_checkpoint(signed.note, *keys.known()))
    return head if head and head.size == signed.size else None


def _readable(read: Callable[[], Read]) -> Read | None:
    try:
        return read()
    except (BadNote, IndexError, NoSuchTile):
        return None


def climbed_root(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that a proof leads to from a leaf; None for a proof of the wrong length (RFC 9162, 2.1.3.2)."""
    place, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = node_hash(sibling, root)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        place, last = place >> 1, last >> 1
    return root if last == 0 else None


SEARCH_FIELD = "search"


def carried(search: str) -> str:
    return urlencode({SEARCH_FIELD: search}) if search else ""


VERDICT_OUTCOMES = {
    VerdictKind.GOOD: ("success", gettext_lazy("This entry is what was sealed")),
    VerdictKind.WAITS: ("info", gettext_lazy("This entry waits for its place in the tree")),
    VerdictKind.WRONG: ("error", gettext_lazy("This entry is not what was sealed")),
}


class Fact(NamedTuple):
    """One fact about an entry. query: search for all entries that share it, or "". code: True to show an id as code."""

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
    now = zoned(timezone.now(), "N j, Y, g:i:s a T")
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
        called = hooks.names(name, [str(value)]).get(str(value), value_of(name, value))
        facts.append(Fact(label_of(name), called))
    return facts


def when_facts(entry: AuditEntry) -> list[Fact]:
    day = f"{timezone.localtime(entry.at):%Y-%m-%d}"
    return [
        Fact(_("In UTC"), f"{utc_time(entry.at)} UTC"),
        Fact(_("Local time"), zoned(entry.at, "N j, Y, g:i:s a T"), urlencode({"word": day})),
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
    found = tiles.sealed_entries([entry.pk]).get(entry.pk)
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
    return zoned(at, "N j, Y, g:i a T")


def _known(*facts: Fact) -> list[Fact]:
    return [fact for fact in facts if fact.value]
