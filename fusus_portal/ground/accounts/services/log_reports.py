from audit.hooks import Report
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter


def mail(report: Report) -> bool:
    """Mail a link to the owner of a saved search, never its content. False if they may no longer read the log."""
    auditor = User.objects.filter(pk=report.owner, role=Role.AUDITOR, is_active=True, locked_at__isnull=True).first()
    if auditor is None:
        return False
    context = {"search": report.search.id, "first": report.first.isoformat(), "last": report.last.isoformat()}
    notifications.send_many(kind=MessageKind.LOG_REPORT, letters=[Letter(auditor, report.search, context)])
    return True
