"""An unfinished registration, filled in step by step and kept with the account."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import User
from registry.people.services import registrants
from registry.places.drafts import Typed
from registry.registrants.selectors import draft_of

LABELS: Final = [_("Account"), _("You"), _("Place"), _("Cameras"), _("What it means"), _("Check")]


class Draft(Typed):
    """A registration being filled in, kept with the account, so that the person can continue on another device."""

    def __init__(self, user: User) -> None:
        self.user = user
        found = draft_of(user)
        self.typed = dict(found.typed) if found else {}

    def put(self, step: str, typed: Any, *, forget: tuple[str, ...] = ()) -> None:
        self.typed = dict(registrants.keep_draft(by=self.user, step=step, typed=typed, forget=forget).typed)
