from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages.components import Action, Cell, ListPage, Moment, Table, link, number, tallies
from fusus_portal.ground.pages.times import localized_moment, moment
from fusus_portal.ground.steps import check
from integration.cores import hooks, policies, selectors
from integration.cores.models import Core, CoreModel, DeviceCamera, PictureState
from integration.cores.states import IN_USE, STATE_BEFORE, CoreState, Whereabouts


def health_facts(core: Core) -> list[tuple[str, Any]]:
    has_disk = core.disk_free is not None and core.disk_size is not None
    disk = {"free": filesizeformat(core.disk_free or 0), "size": filesizeformat(core.disk_size or 0)}
    rows = [
        (_("Activated"), core.activated_at and localized_moment(core.activated_at)),
        (_("Last contact"), core.activated_at and core.seen_at and localized_moment(core.seen_at)),
        (_("Firmware"), core.firmware),
        (_("Clock"), "" if core.clock_drift_ms is None else clock_drift(core.clock_drift_ms)),
        (_("Disk"), _("%(free)s free of %(size)s") % disk if has_disk else ""),
        (_("Recording"), "" if core.recorded_minutes is None else recording_length(core.recorded_minutes)),
    ]
    return [(term, said) for term, said in rows if said]


def recording_length(minutes: int) -> str:
    if not minutes:
        return str(policies.NO_RECORDING)
    return ngettext("the last minute", "the last %(number)d minutes", minutes) % {"number": minutes}


def clock_drift(milliseconds: int) -> str:
    seconds = int(milliseconds / 1000)
    if seconds >= 2:
        return _("%(seconds)d seconds ahead") % {"seconds": seconds}
    if seconds <= -2:
        return _("%(seconds)d seconds behind") % {"seconds": -seconds}
    return _("on time")


def kinds() -> Table:
    columns = [_("Name"), number(_("Cameras")), number(_("There are")), _("State")]
    rows: list[list[object]] = []
    model: Any
    for model in selectors.models():
        state = _("No longer received") if model.retired_at else _("Received")
        rows.append([link(model.name, "core_model", model.pk), model.cameras_supported, model.number, state])
    return Table(_("Kinds of CORE"), columns, rows)


def model_changes(model: CoreModel) -> list[Moment]:
    past = list(model.history.select_related("history_user").order_by("-history_id"))
    return [_change(row, before) for row, before in zip_longest(past, past[1:])]


def _change(row: Any, before: Any) -> Moment:
    name = " · ".join(filter(None, (row.name, row.name_es)))
    words = _("%(name)s, %(number)d cameras") % {"name": name, "number": row.cameras_supported}
    if before is not None and before.retired_at != row.retired_at:
        words = _("No longer received")
    who = row.history_user.pseudonym if row.history_user else ""
    return Moment(row.history_date, " · ".join(filter(None, (words, who))))


TAG_KINDS = {
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
"""A choice of the list of COREs that is no state: active, and silent for 15 minutes."""

ONLY_FROM = {"take-back": CoreState.ALLOCATED, "restock": CoreState.WIPED, "resume": CoreState.SUSPENDED}
"""Acts that share their target state with another act, each with the only state in which it is offered."""


def state_tallies() -> list[tuple[str, int, str]]:
    counted, apart = selectors.counts(), Counter(hooks.whereabouts().values())
    for where, state in STATE_BEFORE.items():
        counted[state] -= apart[where]
    offline = selectors.listed().filter(selectors.IS_OFFLINE).count()
    states = [(state, state.label, counted[state]) for state in CoreState]
    places = [(where, where.label, apart[where]) for where in Whereabouts]
    return tallies("cores", [*states, *places, (OFFLINE, _("Active, but offline"), offline)])


def listed_cores(state: str, *, text: str) -> QuerySet[Core]:
    """Return the COREs of the clerks' list. state: of `CoreState` or `Whereabouts`, `OFFLINE`, or "" for all."""
    rows = selectors.listed(text)
    if not state:
        return rows
    if state == OFFLINE:
        return rows.filter(selectors.IS_OFFLINE)
    apart = hooks.whereabouts()
    if state in Whereabouts.values:
        return rows.filter(pk__in=[pk for pk, where in apart.items() if where == state])
    return rows.filter(state=state).exclude(pk__in=[pk for pk, where in apart.items() if STATE_BEFORE[where] == state])


def state_words(cores: Iterable[Core]) -> Mapping[UUID, str]:
    apart = hooks.whereabouts([core.pk for core in cores])
    return {core.pk: str(apart[core.pk].label if core.pk in apart else core.get_state_display()) for core in cores}


def tag_kind(core: Core) -> str:
    return TAG_KINDS.get(CoreState(core.state), "quiet")


def core_list(listed: Mapping[str, Any]) -> ListPage:
    """Return the clerks' list of COREs, with tallies of their states. listed: COREs as `filtered_list` returns them."""
    words, heading = state_words(listed["page"]), _("COREs")
    columns = [_("Serial number"), _("Kind"), _("State"), _("Business"), _("Last contact")]
    filtered = _("Write fewer characters of the serial number, or choose another state.")
    empty = _("COREs that you receive appear here, each with what becomes of it.")
    return ListPage(
        heading,
        Table(heading, columns, [_row(core, words[core.pk]) for core in listed["page"]]),
        (_("No CORE like this"), filtered) if listed["is_filtered"] else (_("No CORE yet"), empty),
        action=link(_("Receive COREs"), "core_receive"),
        tallies=state_tallies(),
    )


def _row(core: Core, words: str) -> list[object]:
    offline = [("warn", _("Offline"))] if core.state == CoreState.ACTIVE and core.told_offline_at else []
    state = Cell(tags=[(tag_kind(core), words), *offline])
    business = core.registrant and core.registrant.reference
    return [link(core.serial, "core", core.pk), core.model.name, state, business, core.seen_at and moment(core.seen_at)]


def core_facts(core: Core) -> list[tuple[str, Any]]:
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


def core_actions(core: Core, user: User) -> list[Action]:
    used = why_not(partial(policies.must_be_in_use, core))
    found = [
        _page(core, "allocate", _("Set it aside for a business"), refusal(core, CoreState.ALLOCATED, user)),
        _press(core, "code", _("Issue another activation code"), why_not(partial(policies.must_wait_for_code, core))),
        *(_press(core, name, str(label), _why_not(core, name, user)) for name, (label, _target) in ACTS.items()),
        _press(core, "revoke", _("End its tokens"), used),
        _page(core, "replace", _("Put another in its place"), used, quiet=True),
        _page(core, "place", _("It is at another place"), used, quiet=True),
        _page(core, "wipe", _("It was wiped"), refusal(core, CoreState.WIPED, user)),
    ]
    return sorted(found, key=lambda action: bool(action.reason))


def _why_not(core: Core, name: str, user: User) -> str:
    _label, target = ACTS[name]
    begin = ONLY_FROM.get(name)
    if begin is not None and core.state != begin:
        return _("Only a CORE that is “%(state)s”.") % {"state": begin.label}
    return refusal(core, target, user)


def refusal(core: Core, target: CoreState, user: User) -> str:
    return why_not(partial(check, core, target, user))


def _page(core: Core, name: str, label: str, reason: str, *, quiet: bool = False) -> Action:
    return Action(name, label, reverse(f"core_{name}", args=[core.pk]), reason, is_link=True, quiet=quiet)


def _press(core: Core, name: str, label: str, reason: str) -> Action:
    return Action(name, label, reverse("core_act", args=[core.pk, name]), reason)


def story_line(entry: AuditEntry) -> Moment:
    if entry.event == Event.CORE_ACTIVATED:
        return Moment(entry.at, entry.sentence)
    is_core = entry.actor_kind in (ActorKind.DEVICE, ActorKind.TASK)  # the watcher records that the CORE was silent
    actor = _("The CORE") if is_core else entry.actor_pseudonym or _("The owner")
    return Moment(entry.at, f"{actor} {entry.sentence}")


STATE_SENTENCES = {
    CoreState.ALLOCATED: gettext_lazy("Set aside for you. It comes with a code that activates it."),
    CoreState.SHIPPED: gettext_lazy("On its way to you. Type its code into it when you have it."),
    CoreState.ACTIVE: gettext_lazy("It works."),
    CoreState.SUSPENDED: gettext_lazy("The office has suspended it, so nobody sees anything through it. Please call."),
    CoreState.RETURNING: gettext_lazy("On its way back to the office, where it will be wiped. It connects no cameras."),
}
PICTURES = {PictureState.UNKNOWN: "quiet", PictureState.RUNNING: "good", PictureState.LOST: "warn"}


@dataclass(frozen=True)
class DeviceCard:
    """One CORE on its owner's page. Prefetch its connected cameras, each with its present problems."""

    core: Core

    @property
    def is_offline(self) -> bool:
        return policies.is_offline(self.core, timezone.now())

    @cached_property
    def has_arrived(self) -> bool:
        return self.core.state == CoreState.SHIPPED and bool(hooks.whereabouts([self.core.pk]))

    @cached_property
    def came_back(self) -> tuple[str, str] | None:
        """State and next step of its return, as the page of the return says them, once the office has the CORE."""
        return hooks.came_back(self.core) if self.core.state == CoreState.RETURNING else None

    @property
    def words(self) -> str:
        if self.came_back is not None:
            _state, said = self.came_back
            return f"{said} {_('The CORE is at the office, where it will be wiped. It connects no cameras.')}"
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
        return stopped or str(STATE_SENTENCES.get(CoreState(self.core.state), ""))

    @property
    def tag(self) -> tuple[str, str]:
        if self.is_offline:
            return "warn", _("Offline")
        if self.has_arrived:
            return "quiet", str(Whereabouts.ARRIVED.label)
        if self.came_back is not None:
            return "quiet", self.came_back[0]
        kinds = {CoreState.ACTIVE: "good", CoreState.SUSPENDED: "bad"}
        return kinds.get(CoreState(self.core.state), "quiet"), str(CoreState(self.core.state).label)

    @property
    def place(self) -> str:
        premises = self.core.premises
        return (premises.name or str(premises.address)) if premises else ""

    @property
    def cameras(self) -> list[tuple[DeviceCamera, str, Any]]:
        away = ("quiet", _("Offline")) if self.is_offline else None
        return [(each, *(away or _tag(each))) for each in self.core.cameras.all()]

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
            return _("%(there)s; there is no room for more.") % words
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
