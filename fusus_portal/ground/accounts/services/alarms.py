from collections.abc import Sequence

from audit.ledger.models import Alarm
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter

TOLD = (Role.AUDITOR, Role.ADMINISTRATOR)


def tell(alarms: Sequence[Alarm]) -> None:
    """Mail alarms to auditors and administrators, also locked ones: the intruder may have locked them."""
    kinds = " ".join(dict.fromkeys(alarm.kind for alarm in alarms))
    staff = User.objects.filter(role__in=TOLD, is_active=True).order_by("pk")
    notifications.send_many(
        kind=MessageKind.LEDGER_ALARM,
        letters=[Letter(person, alarms[0].subject, {"kinds": kinds, "role": person.role}) for person in staff],
    )
