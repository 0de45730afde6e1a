"""People of an office's former registry: they take over what was brought, or say no. Opening a link does nothing."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.private_pages import View, private_page, speak
from fusus_portal.ground.accounts.email_forms import ForgottenPasswordForm
from registry.imports.links import claimable, invitation_of
from registry.imports.models import Imported, ImportInvitation
from registry.imports.services import people

Found = TypeVar("Found", Imported, ImportInvitation)


def behind_link(read: Callable[[str], Found], language_of: Callable[[Found], str]) -> Callable[[View], View]:
    """Hand what a link names to the view. Found by nobody else, kept by no cache, in the person's language."""

    def decorate(view: View) -> View:
        @private_page("registry/imports/people/over.html")
        @wraps(view)
        def guarded(request: HttpRequest, token: str) -> HttpResponse:
            found = read(token)
            speak(language_of(found), request)
            return view(request, found, token)

        return guarded

    return decorate


invited_person = behind_link(invitation_of, lambda invitation: invitation.language)
imported_person = behind_link(claimable, lambda imported: imported.registrant.language)


@require_form
@invited_person
def invited(request: HttpRequest, invitation: ImportInvitation, token: str) -> HttpResponse:
    """Say why the office writes, and offer to register or to be deleted. Nothing of the person is shown."""
    return render(request, "registry/imports/people/invited.html", {"token": token, "until": invitation.kept_until})


@require_form
@limit("invited", "30/m")
@invited_person
def invited_no(request: HttpRequest, invitation: ImportInvitation, token: str) -> HttpResponse:
    """Delete what the import brought of this person, once that is confirmed."""
    if request.method == "POST":
        people.decline(invitation=invitation)
        return render(request, "registry/imports/people/gone.html")
    return render(request, "registry/imports/people/invited_no.html", {"token": token})


@require_form
@limit("claim", "10/m")
@imported_person
def claim(request: HttpRequest, imported: Imported, token: str) -> HttpResponse:
    """Say what the import brought; send a link to the address of the registration once that is asked for."""
    if request.method == "POST":
        form = ForgottenPasswordForm({"email": imported.registrant.user.email})
        if form.is_valid():
            with transaction.atomic():
                form.save(request)
            return redirect("account_reset_password_done")
    return render(request, "registry/imports/people/claim.html", {"token": token, "imported": imported})


@require_form
@limit("claim", "10/m")
@imported_person
def claim_no(request: HttpRequest, imported: Imported, token: str) -> HttpResponse:
    """Take an imported person out of the registry, once that is confirmed. Nobody needs a password to be let go."""
    registrant = imported.registrant
    if request.method == "POST":
        people.leave(registrant=registrant)
        return render(request, "registry/imports/people/gone.html")
    return render(request, "registry/imports/people/claim_no.html", {"token": token, "number": registrant.reference})
