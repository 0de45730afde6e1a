from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext_lazy

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lookup.finders import Finder, among, finders
from fusus_portal.ground.tables import Cell
from fusus_portal.ground.worklist import sources
from integration.cores import hooks
from integration.cores.models import Core
from registry.access_log import hooks as access_log_hooks
from registry.places import hooks as place_hooks
from registry.registrants.models import Registrant
from shop.warranty import policies, presenters, selectors, services
from shop.warranty.models import Claim
from shop.warranty.states import DUE

FINDER = Finder(
    name="warranty",
    kind=gettext_lazy("Warranty claim"),
    permission=Permission.FULFILMENT,
    example=lambda: "W-2H7QYB5S",
    find=among("W", lambda _by: Claim.objects.all(), lambda claim: reverse("claim_case", args=[claim.pk])),
)


def register() -> None:
    sources.register(SOURCE)
    finders.register(FINDER)
    words = gettext_lazy("saw your name to work on warranty claim %(number)s")
    access_log_hooks.named_with.register(access_log_hooks.NamedWith("claim", words))
    place_hooks.registrants.register(place_hooks.Dependent(name="warranty", tables={"claims": claims_table}))
    hooks.core_followers.register(
        hooks.CoreFollower(name="warranty", activated=services.ask_for_old_core, shown=shown, desk_page=waiting_page)
    )


def waiting_page(core: Core) -> str:
    """Return a clerk's next page for a CORE with an open claim, else ""."""
    found = selectors.live_of(core)
    if found is None:
        return ""
    if found.state in DUE:
        return reverse("claim_do", args=[found.pk, "receive"])
    return reverse("claim_case", args=[found.pk])


def shown(core: Core) -> hooks.Shown | None:
    """Return the card for the owner's page of a CORE: the open claim, or how to open one; None if not covered."""
    found = selectors.live_of(core)
    if found is None and not policies.is_covered(core):
        return None
    return ("shop/warranty/own/block.html", {"card": presenters.ClaimCard(found) if found else None})


def claims_table(registrant: Registrant) -> list[dict[str, Cell]]:
    rows = Claim.objects.filter(registrant=registrant).select_related("core", "charge")
    return [
        {
            "number": claim.number,
            "core": claim.core.serial,
            "state": claim.state,
            "opened_at": claim.opened_at.isoformat(),
            "problem": claim.problem,
            "reason": claim.reason,
            "old_due_on": claim.old_due_on.isoformat() if claim.old_due_on else "",
            "billed": claim.charge.number if claim.charge else "",
        }
        for claim in rows.order_by("-opened_at")
    ]


def claims_to_decide(_user: User) -> list[sources.WorkItem]:
    text = _("Warranty claim · %(number)s")
    return [
        sources.WorkItem(
            _("To approve"),
            "warn",
            text % {"number": each.number},
            reverse("claim_case", args=[each.pk]),
            about=each.subject,
            act=sources.link_act(_("Decide"), reverse("claim_case", args=[each.pk]), each.number),
        )
        for each in selectors.to_decide()
    ]


SOURCE = sources.Source(
    name="claims_to_decide",
    permission=Permission.FULFILMENT,
    find=claims_to_decide,
    telling=sources.Telling(
        words=ngettext_lazy(
            "A warranty claim waits to be decided.", "%(number)d warranty claims wait to be decided.", "number"
        ),
        waits=lambda: selectors.to_decide().exists(),
    ),
)
