from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages.actions import Action
from fusus_portal.ground.pages.timeline import Moment
from fusus_portal.ground.pages.times import localized_moment
from fusus_portal.ground.steps import check
from integration import hooks
from integration.cores import policies, selectors
from integration.cores.models import Core
from integration.cores.presenters.health import health_facts
from integration.cores.states import STATE_BEFORE, CoreState, Whereabouts

KINDS = {
    CoreState.ACTIVE: "good",
    CoreState.SUSPENDED: "bad",
    CoreState.RETURNING: "warn",
    CoreState.WIPED: "warn",
}
ACTS = {
    "ship": (gettext_lazy("Send it on its way"), CoreState.SHIPPED),
    "take-back": (gettext_lazy("Take it back into stock"), CoreState.IN_STOCK),
    "suspend": (gettext_lazy("Suspend it"), CoreState.SUSPENDED),
    "resume": (gettext_lazy("Let it work again"), CoreState.ACTIVE),
    "return": (gettext_lazy("Begin its return"), CoreState.RETURNING),
    "restock": (gettext_lazy("Put it back into stock"), CoreState.IN_STOCK),
    "retire": (gettext_lazy("Retire it"), CoreState.RETIRED),
}

OFFLINE = "offline"
"""A choice of the list that is no state: active, and not heard from."""

ONLY_FROM = {"take-back": CoreState.ALLOCATED, "restock": CoreState.WIPED, "resume": CoreState.SUSPENDED}
"""Acts that lead to the same state as another one, and the only state that each begins at."""


def tallies() -> list[tuple[str, int, str]]:
    address = reverse("cores")
    counted, apart = selectors.counts(), Counter(hooks.whereabouts().values())
    for where, state in STATE_BEFORE.items():
        counted[state] -= apart[where]
    found = [(str(state.label), counted[state], f"{address}?state={state}") for state in CoreState]
    found += [(str(where.label), apart[where], f"{address}?state={where}") for where in Whereabouts]
    found.append((_("Active, but offline"), selectors.offline(), f"{address}?state=offline"))
    return [tally for tally in found if tally[1]]


def listed(state: str, *, text: str) -> QuerySet[Core]:
    """Return COREs for the list. state: of `CoreState` or `Whereabouts`, `OFFLINE`, or "" for all."""
    if state == OFFLINE:
        return selectors.listed(is_offline=True, text=text)
    apart = {pk: where for pk, where in hooks.whereabouts().items() if state}
    if state in Whereabouts.values:
        return selectors.listed(text=text, only=[pk for pk, where in apart.items() if where == state])
    but = [pk for pk, where in apart.items() if STATE_BEFORE[where] == state]
    return selectors.listed(state=state, text=text, but=but)


def state_words(cores: Iterable[Core]) -> Mapping[UUID, str]:
    apart = hooks.whereabouts([core.pk for core in cores])
    return {core.pk: str(apart[core.pk].label if core.pk in apart else core.get_state_display()) for core in cores}


def kind_of(core: Core) -> str:
    return KINDS.get(CoreState(core.state), "quiet")


def facts(core: Core) -> list[tuple[str, Any]]:
    follower: Core | None = getattr(core, "replaced_by", None)
    rows = [
        (_("Kind"), core.model.name),
        (_("Connects"), _("up to %(number)d cameras") % {"number": core.model.cameras_supported}),
        (_("Received"), localized_moment(core.received_at)),
        (_("Business"), core.registrant and f"{core.registrant.name} · {core.registrant.reference}"),
        (_("Place"), core.premises and str(core.premises.address)),
        (_("In the place of"), core.replaces and core.replaces.serial),
        (_("Replaced by"), follower and follower.serial),
        (_("Certificate of its last wiping"), core.certificate),
    ]
    return [*((term, said) for term, said in rows if said), *health_facts(core)]


def moments(entries: list[AuditEntry]) -> list[Moment]:
    return [Moment(entry.at, _said(entry)) for entry in entries]


def actions(core: Core, user: User) -> list[Action]:
    used = why_not(partial(policies.must_be_in_use, core))
    found = [
        _page(core, "allocate", _("Set it aside for a business"), _refusal(core, CoreState.ALLOCATED, user)),
        _press(core, "code", _("Issue another activation code"), why_not(partial(policies.must_wait_for_code, core))),
        *(_press(core, name, str(label), _why_not(core, name, user)) for name, (label, _target) in ACTS.items()),
        _press(core, "revoke", _("End its tokens"), used),
        _page(core, "replace", _("Put another in its place"), used, quiet=True),
        _page(core, "place", _("It is at another place"), used, quiet=True),
        _page(core, "wipe", _("It was wiped"), _refusal(core, CoreState.WIPED, user)),
    ]
    return sorted(found, key=lambda action: bool(action.reason))


def _why_not(core: Core, name: str, user: User) -> str:
    _label, target = ACTS[name]
    begin = ONLY_FROM.get(name)
    if begin is not None and core.state != begin:
        return _("Only a CORE that is “%(state)s”.") % {"state": begin.label}
    return _refusal(core, target, user)


def _refusal(core: Core, target: CoreState, user: User) -> str:
    return why_not(partial(check, core, target, user))


def _page(core: Core, name: str, label: str, reason: str, *, quiet: bool = False) -> Action:
    return Action(name, label, reverse(f"core_{name}", args=[core.pk]), reason, is_link=True, quiet=quiet)


def _press(core: Core, name: str, label: str, reason: str) -> Action:
    return Action(name, label, reverse("core_act", args=[core.pk, name]), reason)


def _said(entry: AuditEntry) -> str:
    return entry.sentence if entry.event == Event.CORE_ACTIVATED else f"{_who(entry)} {entry.sentence}"


def _who(entry: AuditEntry) -> str:
    if entry.actor_kind in (ActorKind.DEVICE, ActorKind.TASK):
        return _("The CORE")  # the watcher records that the CORE was silent
    return entry.actor_pseudonym or _("The owner")
