"""Mails about saved searches of the log: a link, and nothing of what was searched or found."""

from audit.hooks import Report
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter


def mail(report: Report) -> bool:
    """Write to whoever saved a search, and return whether they may still read the log."""
    auditor = User.objects.filter(pk=report.owner, role=Role.AUDITOR, is_active=True, locked_at__isnull=True).first()
    if auditor is None:
        return False
    context = {"search": report.search.id, "first": report.first.isoformat(), "last": report.last.isoformat()}
    notifications.send_many(kind=MessageKind.LOG_REPORT, letters=[Letter(auditor, report.search, context)])
    return True
