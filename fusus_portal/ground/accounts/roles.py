from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    RESIDENT = "resident", _("Resident")
    BUSINESS = "business", _("Business")
    DEPUTY = "deputy", _("Deputy")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")
    CLERK = "clerk", _("Clerk")
    ADMINISTRATOR = "administrator", _("Administrator")
    REVIEWER = "reviewer", _("Reviewer")
    """A person of an oversight board or a public defender's office; reads only the weekly review, without names."""


PUBLIC_ROLES: Final = frozenset({Role.RESIDENT, Role.BUSINESS})
AGENCY_ROLES: Final = frozenset(set(Role) - PUBLIC_ROLES)
