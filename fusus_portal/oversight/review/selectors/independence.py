"""Participation in a card's acts, according to the log, which nobody can change."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import by_actor
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.states import RoleChangeKind, RoleChangeState
from fusus_portal.oversight.review.models import ReviewCard
from fusus_portal.oversight.review.selectors.evidence import incidents_of


def had_another_role(person: User, *, since: datetime) -> bool:
    """True if a person's role changed after a moment, so that they may have acted in the earlier role."""
    changes = person.role_changes.filter(kind=RoleChangeKind.CHANGE_ROLE, state=RoleChangeState.ACCEPTED)
    return changes.filter(approved_at__gte=since).exists()


def has_looked(person: User, card: ReviewCard) -> bool:
    own = AuditEntry.objects.filter(by_actor(str(person.pk)), event=Event.CARD_OPENED, outcome="done")
    return own.filter(subject_kind=card.subject.kind, subject_id=card.subject.id).exists()


def took_part(person: User, cards: Iterable[ReviewCard]) -> set[UUID]:
    """Return the ids of cards in whose acts or incidents a person took part. Reading the log is no part."""
    wanted = list(cards)
    own = AuditEntry.objects.filter(by_actor(str(person.pk)), actor_kind=ActorKind.USER.value)
    acted = own.exclude(actor_role__in=Permission.REVIEW.roles)
    ids = {entry for card in wanted for entry in card.entries}
    entries = set(acted.filter(id__in=ids).values_list("id", flat=True))
    incidents = incidents_of(wanted)
    named = {incident for found in incidents.values() for incident in found}
    worked_on = {str(pk) for pk in acted.filter(incident_id__in=named).values_list("incident_id", flat=True).distinct()}
    return {
        card.pk
        for card in wanted
        if card.account_id == person.pk or entries & set(card.entries) or incidents[card.pk] & worked_on
    }


def auditors() -> QuerySet[User]:
    return User.objects.filter(role__in=Permission.AUDIT.roles, is_active=True).order_by("pk")


def blocked(cards: Iterable[ReviewCard], *, since: datetime) -> set[UUID]:
    """Return the ids of the cards that no auditor may review. since: beginning of their week."""
    wanted = list(cards)
    left = {card.pk for card in wanted}
    for auditor in auditors():
        if not had_another_role(auditor, since=since):
            left &= took_part(auditor, wanted)
    return left
