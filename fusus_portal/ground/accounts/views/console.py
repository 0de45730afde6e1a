from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.accounts import selectors
from fusus_portal.ground.accounts.forms import ChangeForm, InviteForm, SuspendForm
from fusus_portal.ground.accounts.presenters import (
    cannot_suspend,
    history_of,
    open_change,
    open_suspension,
    person_of,
)
from fusus_portal.ground.accounts.services import role_changes, suspensions
from fusus_portal.ground.accounts.states import RoleChangeKind


@requires(Permission.PEOPLE)
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    role_changes.list_people(by=request.user)
    suspended = list(selectors.open_suspensions())
    out = {each.account_id for each in suspended}
    context = {
        "suspensions": [open_suspension(each, request.user) for each in suspended],
        "open_changes": [open_change(change, request.user) for change in selectors.open_changes()],
        "people": [person_of(account, is_suspended=account.pk in out) for account in selectors.agency_people()],
    }
    return render(request, "console/people/list.html", context)


@privileged
@requires(Permission.PEOPLE)
@require_form
def person_invite(request: SignedInRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if form.carry_out(role_changes.invite, by=request.user):
        messages.success(request, _("Proposed. Another administrator approves it, then the invitation goes out."))
        return redirect("people")
    return render(request, "console/people/invite.html", {"form": form})


@privileged
@requires(Permission.PEOPLE)
@require_form
def person(request: SignedInRequest, account_id: UUID) -> HttpResponse:
    account = selectors.agency_person(account_id)
    form = ChangeForm(request.POST or None, account=account)
    if form.carry_out(role_changes.propose, account=account, by=request.user):
        messages.success(request, _("Proposed. It takes effect when another administrator approves it."))
        return redirect("people")
    role_changes.open_person(account=account, by=request.user)
    suspended = account.is_suspended
    context = {
        "form": form,
        "person": person_of(account, is_suspended=suspended),
        "history": history_of(account),
        "is_self": account.pk == request.user.pk,
        "cannot_suspend": cannot_suspend(account, request.user),
        "is_suspended": suspended,
    }
    return render(request, "console/people/person.html", context)


@privileged
@requires(Permission.PEOPLE)
@require_form
def person_suspend(request: SignedInRequest, account_id: UUID) -> HttpResponse:
    account = selectors.agency_person(account_id)
    form = SuspendForm(request.POST or None)
    if form.carry_out(suspensions.suspend, account=account, by=request.user):
        messages.success(request, _("Suspended. Ask another administrator to confirm it within a day."))
        return redirect("people")
    role_changes.open_person(account=account, by=request.user)
    context = {"form": form, "account": account, "cannot": cannot_suspend(account, request.user)}
    return render(request, "console/people/suspend.html", context)


@privileged
@requires(Permission.PEOPLE)
@require_POST
def suspension_confirm(request: SignedInRequest, suspension_id: UUID) -> HttpResponse:
    suspensions.confirm(suspension=selectors.suspension(suspension_id), by=request.user)
    messages.success(request, _("Confirmed. The account stays disabled until two administrators enable it."))
    return redirect("people")


@privileged
@requires(Permission.PEOPLE)
@require_POST
def change_approve(request: SignedInRequest, change_id: UUID) -> HttpResponse:
    change = role_changes.approve(change=selectors.change(change_id), by=request.user)
    if change.kind == RoleChangeKind.INVITE:
        messages.success(request, _("Approved. The invitation is on its way to %(email)s.") % {"email": change.email})
    else:
        messages.success(request, _("Approved. It is in effect, and the person is told by e-mail."))
    return redirect("people")


@privileged
@requires(Permission.PEOPLE)
@require_POST
def change_cancel(request: SignedInRequest, change_id: UUID) -> HttpResponse:
    role_changes.cancel(change=selectors.change(change_id), by=request.user)
    messages.success(request, _("Canceled. Nothing changes."))
    return redirect("people")
