"""Who took part in what a card shows: by the log, which nobody can change."""

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
    """Tell whether a person's role was changed since a moment, so that they may have acted after it."""
    changes = person.role_changes.filter(kind=RoleChangeKind.CHANGE_ROLE, state=RoleChangeState.ACCEPTED)
    return changes.filter(approved_at__gte=since).exists()


def has_looked(person: User, card: ReviewCard) -> bool:
    """Tell whether a person has opened a card, by the log."""
    own = AuditEntry.objects.filter(by_actor(str(person.pk)), event=Event.CARD_OPENED, outcome="done")
    return own.filter(subject_kind=card.subject.kind, subject_id=card.subject.id).exists()


def took_part(person: User, cards: Iterable[ReviewCard]) -> set[UUID]:
    """Return the ids of the cards in which a person did, ordered or approved something, or of whose incidents.

    Whoever reads the log has entries of that too; these are no part in it.
    """
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
    """Return the auditors who can sign in."""
    return User.objects.filter(role__in=Permission.AUDIT.roles, is_active=True).order_by("pk")


def blocked(cards: Iterable[ReviewCard], *, since: datetime) -> set[UUID]:
    """Return the ids of the cards that no auditor may review, of a week that began then."""
    wanted = list(cards)
    left = {card.pk for card in wanted}
    for auditor in auditors():
        if not had_another_role(auditor, since=since):
            left &= took_part(auditor, wanted)
    return left
