from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from audit import hooks
from audit.log.actors import Actor
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.followers import AccountFollower, account_followers
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lookup.finders import Finder, Found, Typed, finders
from fusus_portal.ground.numbers import VIEW, ids_of, number_of
from integration.cores.hooks import CoreFollower, core_followers
from integration.cores.models import Core
from integration.hooks import LIVE, permission_changed
from integration.live.models import ViewGrant
from integration.live.services import views
from integration.live.video import relays
from registry.incidents import selectors


def register() -> None:
    permission_changed.register(views.end_refused_views)
    hooks.understand(view_called)
    hooks.name_by("view", view_numbers)
    finders.register(FINDER)
    account_followers.register(AccountFollower(LIVE, account_does_less))
    core_followers.register(CoreFollower(LIVE, signed_out=core_signed_out))


def account_does_less(account: User, actor: Actor) -> None:
    views.end_refused_views(actor=actor, deputy=account.pk)


def core_signed_out(core: Core) -> None:
    relays.wake(core.pk)


def view_called(text: str) -> Iterable[hooks.Meaning]:
    return [
        hooks.Meaning(
            _("View %(number)s") % {"number": number_of(VIEW, view.pk)},
            incidents=(str(view.incident_id),),
            facts=(("view", str(view.pk)),),
            subjects=(view.subject,),
        )
        for view in _views(text)
    ]


def views_found(by: User, typed: Typed) -> Iterable[Found]:
    rows = _views(typed.number(VIEW)).filter(incident__in=selectors.visible_to(by))
    return [Found(number_of(VIEW, each.pk), reverse("incident", args=[each.incident_id])) for each in rows]


def _views(number: str) -> QuerySet[ViewGrant]:
    ids = ids_of(VIEW, number)
    return ViewGrant.objects.filter(pk__range=ids) if ids else ViewGrant.objects.none()


FINDER = Finder(
    name="live",
    kind=gettext_lazy("Live view"),
    permission=Permission.VIEW_LIVE,
    example=lambda: "V-12AB34CD",
    find=views_found,
    logged=lambda typed: {number_of(VIEW, pk) for pk in _views(typed.number(VIEW)).values_list("pk", flat=True)},
)


def view_numbers(ids: Iterable[str]) -> Mapping[str, str]:
    incidents = hooks.field(ViewGrant.objects.all(), "incident__number")(ids)
    return {
        pk: _("%(view)s of incident %(incident)s") % {"view": number_of(VIEW, pk), "incident": incident}
        for pk, incident in incidents.items()
    }
