from collections.abc import Callable

from django.utils.translation import gettext as _

from audit.log.actors import Subject
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, why_not


def must_still_count(asker: User | None, may_ask: Callable[[User], object], *, subject: Subject) -> None:
    """Raise Refused unless the asker is active and may still ask."""
    # A locked asker counts: anybody outside can lock an account.
    if asker is None or (asker.is_active and not why_not(lambda: may_ask(asker))):
        return
    raise Refused(
        _("The person who asked for this may no longer ask for it. Somebody who may has to ask again."), subject=subject
    )
