"""Entries around an entry: before and after it by the same actor, object, camera or incident, and of its act."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.log.models import AuditEntry
from audit.log.selectors import by_actor

NEARBY = 10_000
"""Ids to either side in which entries of one transaction are searched."""

BESIDE = 25


@dataclass(frozen=True, slots=True)
class Neighbors:
    """The entries before and after, of the same actor or thing. search: fields that find all of them."""

    title: str | Promise
    search: tuple[tuple[str, str], ...]
    before: AuditEntry | None
    after: AuditEntry | None


def neighbors(entry: AuditEntry) -> list[Neighbors]:
    found = []
    if entry.actor_id:
        same = by_actor(entry.actor_id)
        found.append(_around(_("By the same actor"), (("actor", entry.actor_id),), entry, same))
    if entry.incident_id:
        same = Q(incident_id=entry.incident_id)
        found.append(_around(_("Of the same incident"), (("incident", entry.incident_id),), entry, same))
    if entry.camera_id:
        found.append(_of_camera(entry))
    if entry.subject_id and entry.subject_kind != "camera":
        search = (("subject_kind", entry.subject_kind), ("subject", entry.subject_id))
        same = Q(subject_kind=entry.subject_kind, subject_id=entry.subject_id)
        found.append(_around(_("About the same object"), search, entry, same))
    return found


def writer_of(entry: AuditEntry) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction::text::bigint, db_role FROM audit_entry WHERE id = %s", [entry.pk])
        transaction, login = cursor.fetchone()
    return int(transaction), str(login)


def same_transaction(entry: AuditEntry) -> list[AuditEntry]:
    """Return the other entries of one act: those of the same transaction, BESIDE at most."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT other.id FROM audit_entry AS this JOIN audit_entry AS other USING (transaction) "
            "WHERE this.id = %(id)s AND other.id <> %(id)s AND other.id BETWEEN %(low)s AND %(high)s "
            "ORDER BY other.id LIMIT %(most)s",
            {"id": entry.pk, "low": entry.pk - NEARBY, "high": entry.pk + NEARBY, "most": BESIDE},
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    return list(AuditEntry.objects.filter(id__in=ids).order_by("id"))


def _around(title: str | Promise, search: tuple[tuple[str, str], ...], entry: AuditEntry, same: Q) -> Neighbors:
    others: QuerySet[AuditEntry] = AuditEntry.objects.filter(same)
    before = others.filter(id__lt=entry.pk).order_by("-id").first()
    return Neighbors(title, search, before, others.filter(id__gt=entry.pk).order_by("id").first())


def _of_camera(entry: AuditEntry) -> Neighbors:
    """Return the entries of the same camera around one: camera numbers have no gap, and an index."""
    numbers = {entry.camera_number - 1: "before", entry.camera_number + 1: "after"}
    others = AuditEntry.objects.filter(camera_id=entry.camera_id, camera_number__in=numbers)
    found = {numbers[other.camera_number]: other for other in others}
    search = (("camera", entry.camera_id),)
    return Neighbors(_("Of the same camera"), search, found.get("before"), found.get("after"))
