from tempfile import TemporaryFile

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, privileged, public, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.access.session_rows import is_proved
from fusus_portal.ground.serving.lanes import sends_files
from fusus_portal.ground.tables.archive import write_zip
from registry import hooks
from registry.people.models import Registrant
from registry.people.presenters import departures
from registry.people.presenters.moves import Elsewhere
from registry.people.presenters.own_data import pictures_of, tables_of
from registry.people.selectors import registrants as registrant_selectors
from registry.people.selectors.own_data import Holdings, holdings_of
from registry.people.services import accounts
from registry.people.services import registrants as registrant_services
from registry.people.views.profile import registered

RECEIPT = "registration_ended"


@privileged
@requires(Permission.OWN_REGISTRATION)
@require_form
def leave(request: SignedInRequest) -> HttpResponse:
    registrant = registrant_selectors.of_user(request.user)
    if registrant is None:
        return _close(request)
    if request.method == "POST":
        held = registrant_services.leave(registrant=registrant, by=request.user)
        forget(request)
        request.session[RECEIPT] = held.facts()
        return redirect("left")
    context = {**_lists(holdings_of(registrant)), "told": hooks.told_leaving(registrant)}
    return render(request, "registry/people/profile/leave.html", context)


def forget(request: SignedInRequest) -> None:
    """Make this browser anonymous: the account of its sign-in is gone."""
    request.session.flush()
    is_proved(request.session)
    request.user = AnonymousUser()  # type: ignore[assignment]


def _close(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST":
        accounts.close(by=request.user)
        forget(request)
        messages.success(request, _("Your account is deleted."))
        return redirect("home")
    lists = {"deleted": departures.deleted_with_account(), "kept": departures.kept_of_account(timezone.now())}
    return render(request, "registry/people/profile/close.html", lists)


@public
@never_cache
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    facts = request.session.get(RECEIPT)
    if facts is None:
        return redirect("home")
    held = Holdings.of_facts(facts)
    context = {"number": held.number, "elsewhere": Elsewhere.of(held.moved_to), **_lists(held)}
    return render(request, "registry/people/profile/left.html", context)


@sends_files
@requires(Permission.OWN_REGISTRATION)
@require_POST
@limit("own_copy", "6/m", account_of)
@registered
def export(request: SignedInRequest, registrant: Registrant) -> FileResponse:
    """Hand over a ZIP with all of the person's own data, from a file without a name that is gone after sending."""
    registrant_services.export(registrant=registrant, by=request.user)
    file = TemporaryFile()  # noqa: SIM115  (the response closes it)
    write_zip(file, tables_of(registrant), pictures_of(registrant))
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"{registrant.reference}.zip", content_type="application/zip"
    )


def _lists(held: Holdings) -> dict[str, list[str]]:
    return {"deleted": departures.deleted(held), "kept": departures.kept(held)}
