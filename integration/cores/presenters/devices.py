from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.steps import check
from integration import hooks
from integration.cores.models import Core, DeviceCamera, PictureState
from integration.cores.presenters.health import health_facts
from integration.cores.states import IN_USE, CoreState, Whereabouts
from integration.rules import OFFLINE_AFTER

WORDS = {
    CoreState.ALLOCATED: gettext_lazy("Set aside for you. It comes with a code that activates it."),
    CoreState.SHIPPED: gettext_lazy("On its way to you. Type its code into it when you have it."),
    CoreState.ACTIVE: gettext_lazy("It works."),
    CoreState.SUSPENDED: gettext_lazy("The office has suspended it, so nobody sees anything through it. Please call."),
    CoreState.RETURNING: gettext_lazy("On its way back to the office, where it will be wiped. It connects no cameras."),
}
PICTURES = {PictureState.UNKNOWN: "quiet", PictureState.RUNNING: "good", PictureState.LOST: "warn"}


@dataclass(frozen=True)
class DeviceCard:
    """One CORE of a business. Its cameras must be loaded, with the problems that they have now."""

    core: Core

    @property
    def is_offline(self) -> bool:
        if self.core.state != CoreState.ACTIVE:
            return False
        return timezone.now() - (self.core.seen_at or self.core.received_at) >= OFFLINE_AFTER

    @cached_property
    def has_arrived(self) -> bool:
        return self.core.state == CoreState.SHIPPED and bool(hooks.whereabouts([self.core.pk]))

    @property
    def words(self) -> str:
        if self.is_offline:
            return _("Offline. Please check that it has power and a network connection.")
        if self.core.state == CoreState.ACTIVE and self.to_look_at:
            words = ngettext(
                "It works, but %(number)d camera needs a look.",
                "It works, but %(number)d cameras need a look.",
                self.to_look_at,
            )
            return words % {"number": self.to_look_at}
        if self.has_arrived:
            return _("It arrived, and is not activated yet. Type its code into it.")
        stopped = hooks.why_stopped(self.core) if self.core.state == CoreState.SUSPENDED else ""
        return stopped or str(WORDS.get(CoreState(self.core.state), ""))

    @property
    def tag(self) -> tuple[str, str]:
        if self.is_offline:
            return "warn", _("Offline")
        if self.has_arrived:
            return "quiet", str(Whereabouts.ARRIVED.label)
        kinds = {CoreState.ACTIVE: "good", CoreState.SUSPENDED: "bad"}
        return kinds.get(CoreState(self.core.state), "quiet"), str(CoreState(self.core.state).label)

    @property
    def place(self) -> str:
        premises = self.core.premises
        return (premises.name or str(premises.address)) if premises else ""

    @property
    def cameras(self) -> list[tuple[DeviceCamera, str, Any]]:
        return [(each, *_tag(each)) for each in self.core.cameras.all()]

    @property
    def to_look_at(self) -> int:
        return sum(1 for each in self.core.cameras.all() if each.problems.all())

    @property
    def camera_words(self) -> str:
        number = len(self.cameras)
        left = max(self.core.model.cameras_supported - number, 0)
        there = ngettext("%(number)d camera is connected", "%(number)d cameras are connected", number)
        words = {"there": there % {"number": number}, "left": left}
        if not left:
            return _("%(there)s; there is room for no more.") % words
        return (
            ngettext("%(there)s; there is room for %(left)d more.", "%(there)s; there is room for %(left)d more.", left)
            % words
        )

    @property
    def facts(self) -> list[tuple[str, Any]]:
        place = [(_("Place"), self.place)] if self.place else []
        return [(_("Kind"), self.core.model.label), *place, *health_facts(self.core)]

    @property
    def can_be_placed(self) -> bool:
        return self.core.state in IN_USE

    @property
    def can_connect(self) -> bool:
        return self.core.state == CoreState.ACTIVE


def _tag(behind: DeviceCamera) -> tuple[str, Any]:
    picture = PictureState(behind.picture)
    if picture == PictureState.RUNNING and behind.problems.all():
        return "warn", _("Needs a look")
    return PICTURES[picture], picture.label


def why_no_return(core: Core, user: User) -> str:
    return why_not(partial(check, core, CoreState.RETURNING, user))
