"""Downloading own data, leaving the registry, closing an account, removing a place, and moving in three steps."""

from collections.abc import Callable
from functools import wraps
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, public, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.session_rows import exempt_next_row
from fusus_portal.ground.geo.counties import county_at, inside_jurisdiction
from fusus_portal.ground.pages import maps
from fusus_portal.ground.pages.acts import OWN, ActPage, Way
from fusus_portal.ground.serving.lanes import sends_files
from fusus_portal.ground.tables import write_zip
from registry.people.forms import MoveAddressForm, MovePinForm, WishForm
from registry.people.presenters import departures
from registry.people.presenters.own_record import pictures_of, tables_of
from registry.people.selectors import Holdings, PlaceCounts, holdings_of, place_counts
from registry.people.services import moves as move_services, registrants as registrant_services
from registry.places import hooks, selectors as places
from registry.places.drafts import PlaceDraft
from registry.places.models import Premises
from registry.places.services import premises as premises_services
from registry.registrants.models import Registrant
from registry.registrants.selectors import registrant_of_user
from registry.registrants.views import registered
from registry.rules import LEAD_KEPT

RECEIPT = "registration_ended"


@privileged
@requires(Permission.OWN_REGISTRATION, FORM)
def leave(request: SignedInRequest) -> HttpResponse:
    registrant = registrant_of_user(request.user)
    if registrant is None:
        return _close(request)
    if request.method == "POST":
        held = registrant_services.leave(registrant=registrant, by=request.user)
        sign_out_browser(request)
        request.session[RECEIPT] = held.facts()
        return redirect("left")
    context = {**_lists(holdings_of(registrant)), "told": hooks.told_leaving(registrant)}
    return render(request, "registry/people/profile/leave.html", context)


def sign_out_browser(request: SignedInRequest) -> None:
    """Sign this browser out: its account is deleted."""
    request.session.flush()
    exempt_next_row(request.session)
    request.user = AnonymousUser()  # type: ignore[assignment]


def _close(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST":
        registrant_services.close_account(by=request.user)
        sign_out_browser(request)
        messages.success(request, _("Your account is deleted."))
        return redirect("home")
    return ActPage(
        title=_("Delete your account"),
        intro=_(
            "You are not in the registry. Your account is deleted at once. It can't be undone, but you may come "
            "back whenever you want."
        ),
        sections=[
            (_("What is deleted"), departures.deleted_with_account()),
            (_("What is kept, why, and until when"), departures.kept_of_account(timezone.now())),
        ],
        label=_("Delete my account"),
        kind="secondary",
        way=Way(reverse("register"), cancel=_("Keep it, and register")),
        base=OWN,
    ).answer(request)


@public
@never_cache
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    facts = request.session.get(RECEIPT)
    if facts is None:
        return redirect("home")
    held = Holdings.of_facts(facts)
    context = {"number": held.number, "elsewhere": departures.Elsewhere.of(held.moved_to), **_lists(held)}
    return render(request, "registry/people/profile/left.html", context)


@sends_files
@requires(Permission.OWN_REGISTRATION, POST)
@limit("own_copy", "6/m", account_of)
@registered
def export(request: SignedInRequest, registrant: Registrant) -> FileResponse:
    """Hand over a ZIP with all data of an owner, from a nameless file that is gone after sending."""
    registrant_services.export(registrant=registrant, by=request.user)
    file = TemporaryFile()  # noqa: SIM115  (the response closes it)
    write_zip(file, tables_of(registrant), pictures_of(registrant))
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"{registrant.reference}.zip", content_type="application/zip"
    )


def _lists(held: Holdings) -> dict[str, list[str]]:
    return {"deleted": departures.deleted(held), "kept": departures.kept(held)}


@requires(Permission.OWN_REGISTRATION, FORM)
def place_remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    premises = places.premises(request.user, pk)
    if request.method == "POST":
        address = premises.address
        premises_services.remove(premises=premises, by=request.user)
        messages.success(request, _("Removed: %(address)s. No search finds it any more.") % {"address": address})
        return redirect("profile")
    return ActPage(
        title=_("Remove a place"),
        heading=_("Remove %(address)s?") % {"address": premises.address},
        intro=_("This can't be undone. You can add the place again at any time, as a new one."),
        sections=departures.removal(premises),
        label=_("Remove this place"),
        kind="secondary",
        way=Way(reverse("profile"), _("My profile"), _("Keep this place")),
        base=OWN,
    ).answer(request)


MOVE_STEPS = [gettext_lazy("New address"), gettext_lazy("Pin"), gettext_lazy("What will happen")]
MOVED = "moved_away"

MoveView = Callable[[SignedInRequest, Premises, PlaceDraft], HttpResponse]


def with_own_place(view: MoveView) -> Callable[[SignedInRequest, UUID], HttpResponse]:
    @wraps(view)
    def guarded(request: SignedInRequest, pk: UUID) -> HttpResponse:
        premises = places.premises(request.user, pk)
        return view(request, premises, PlaceDraft(request.session, moves=premises.pk))

    return guarded


@requires(Permission.OWN_REGISTRATION, FORM)
@limit("address", "30/m", account_of)
@with_own_place
def move_address(request: SignedInRequest, premises: Premises, move: PlaceDraft) -> HttpResponse:
    """Show step 1 of a move: the new address, in this county or any other."""
    form = MoveAddressForm(
        request.POST or None, initial=move.get("place") or {"kind": premises.kind}, current=premises.address
    )
    if form.is_valid():
        move.put_place(form.cleaned_data, form.found)
        return redirect("premises_move_pin", premises.pk)
    return _move_step(request, "address", 1, premises=premises, form=form)


@requires(Permission.OWN_REGISTRATION, FORM)
@with_own_place
def move_pin(request: SignedInRequest, premises: Premises, move: PlaceDraft) -> HttpResponse:
    """Show step 2 of a move: the pin on the new address. The pin's county decides what the move means."""
    if not move.get("place"):
        return redirect("premises_move", premises.pk)
    form = MovePinForm(request.POST or None, initial=move.get("pin"), found=move.found, street=move.address.street)
    if form.is_valid():
        move.put("pin", form.kept)
        inside = inside_jurisdiction(form.point())
        return redirect("premises_move_check" if inside else "premises_move_away", premises.pk)
    shown = {"map": maps.ground(), "center": maps.pair(move.found.point), "address": move.address}
    elsewhere = departures.elsewhere_of(form.outside)
    return _move_step(request, "pin", 2, premises=premises, form=form, elsewhere=elsewhere, **shown)


@requires(Permission.OWN_REGISTRATION, FORM)
@limit("address", "30/m", account_of)
@with_own_place
def move_check(request: SignedInRequest, premises: Premises, move: PlaceDraft) -> HttpResponse:
    """Show step 3 of a move inside: what stays and what changes. Move the place once it is confirmed."""
    if gap := _move_gap(move, inside=True):
        return redirect(gap, premises.pk)
    refused: list[str] = []
    if request.method == "POST":
        try:
            move_services.move(premises=premises, by=request.user, place=move.place)
        except ValidationError as wrong:
            refused = wrong.messages
        else:
            move.clear()
            sentence = _("You have moved. Please look whether each camera still says what it covers now.")
            messages.success(request, sentence)
            return redirect("profile")
    lines = [*departures.staying(place_counts(premises)), *hooks.told_moving(premises)]
    return _move_step(request, "check", 3, premises=premises, address=move.address, lines=lines, refused=refused)


@privileged
@requires(Permission.OWN_REGISTRATION, FORM)
@limit("address", "30/m", account_of)
@with_own_place
def move_away(request: SignedInRequest, premises: Premises, move: PlaceDraft) -> HttpResponse:
    """Show step 3 of a move outside: what ends, and consent to ask the agency there to join. Then end the place."""
    if gap := _move_gap(move, inside=False):
        return redirect(gap, premises.pk)
    county, refused = county_at(move.pin), []
    form = WishForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            left = move_services.move_away(premises=premises, by=request.user, place=move.place, wish=form.wish())
        except ValidationError as wrong:
            refused = wrong.messages
        else:
            return _moved_away(request, left, move)
    there = place_counts(premises)
    context = {"premises": premises, "there": there, "days": LEAD_KEPT.days, "form": form, "refused": refused}
    context |= {"elsewhere": departures.Elsewhere.of(county.fips if county else ""), **_move_lists(premises, there)}
    return _move_step(request, "away", 3, **context)


@requires(Permission.OWN_REGISTRATION, SAFE)
def moved(request: SignedInRequest) -> HttpResponse:
    facts = request.session.get(MOVED)
    if facts is None:
        return redirect("profile")
    context = {"elsewhere": departures.Elsewhere.of(facts["county"]), "lead": facts["lead"]}
    return render(request, "registry/people/moves/moved.html", context)


def _moved_away(request: SignedInRequest, left: move_services.Departure, move: PlaceDraft) -> HttpResponse:
    if left.held is not None:
        sign_out_browser(request)
        request.session[RECEIPT] = left.held.facts()
        return redirect("left")
    move.clear()
    county, lead = left.county.fips if left.county else "", left.lead.reference if left.lead else ""
    request.session[MOVED] = {"county": county, "lead": lead}
    return redirect("moved")


def _move_gap(move: PlaceDraft, *, inside: bool) -> str | None:
    """Return the page of a missing earlier step, or step 3 for the pin's side of the boundary; None for this page."""
    if not move.get("place"):
        return "premises_move"
    if not move.get("pin"):
        return "premises_move_pin"
    if inside_jurisdiction(move.pin) != inside:
        return "premises_move_away" if inside else "premises_move_check"
    return None


def _move_lists(premises: Premises, there: PlaceCounts) -> dict[str, list[str]]:
    held: Holdings = holdings_of(premises.registrant)
    return {
        "deleted": departures.deleted(held) if there.is_last else departures.ending(there),
        "kept": departures.kept(held) if there.is_last else departures.kept_of_place(held),
        "told": hooks.told_leaving(premises.registrant) if there.is_last else hooks.told_ending(premises),
    }


def _move_step(request: SignedInRequest, name: str, current: int, **context: Any) -> HttpResponse:
    context |= {"steps": MOVE_STEPS, "current": current}
    return render(request, f"registry/people/moves/{name}.html", context)
