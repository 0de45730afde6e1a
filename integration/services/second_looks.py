"""The other supervisors are asked to look: at a declaration that waits for one of them, and at broken glass.

A part of the acts, in their transactions, so that each declaration is told of once.
"""

from django.db.models import Q

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from fusus_portal.notifications import services as notifications
from fusus_portal.notifications.kinds import MessageKind
from fusus_portal.notifications.services import Letter
from integration.models import Declaration


def ask(declaration: Declaration) -> None:
    """Write to the supervisors who can do something about a declaration: neither of its two, nor who opened it."""
    two = [pk for pk in (declaration.declared_by_id, declaration.seconded_by_id) if pk is not None]
    others = User.objects.filter(role=Role.SUPERVISOR, is_active=True)
    people = others.exclude(Q(pk__in=two) | Q(pk=declaration.incident.opened_by_id))
    notifications.enqueue_many(
        kind=MessageKind.CRITICAL_LOOK,
        letters=[
            Letter(person.email, person.language, declaration.subject, {"declaration": str(declaration.pk)})
            for person in people.order_by("pk")
        ],
    )
