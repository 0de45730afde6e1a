"""Moving: the new address, its pin, what the move will mean, done. Nothing counts before the last press."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.geo.counties import county_at
from fusus_portal.ground.geo.jurisdiction import inside_jurisdiction
from fusus_portal.ground.pages import maps
from registry import hooks
from registry.people.forms.moves import MoveAddressForm, MovePinForm, WishForm
from registry.people.presenters import departures
from registry.people.presenters import moves as move_presenters
from registry.people.presenters.moves import Elsewhere
from registry.people.selectors.moves import PlaceCounts, standing_of
from registry.people.selectors.own_data import Holdings, holdings_of
from registry.people.services import moves as move_services
from registry.people.services.moves import Departure
from registry.people.views.departures import RECEIPT, forget
from registry.people.views.form_drafts import PlaceDraft
from registry.places import selectors
from registry.places.models import Premises
from registry.rules import LEAD_KEPT

LABELS = [gettext_lazy("New address"), gettext_lazy("Pin"), gettext_lazy("What will happen")]
MOVED = "moved_away"

MoveView = Callable[[SignedInRequest, Premises, PlaceDraft], HttpResponse]


def of_own_place(view: MoveView) -> Callable[[SignedInRequest, UUID], HttpResponse]:
    """Hand the view one of the person's own places, and what was typed so far about its move."""

    @wraps(view)
    def guarded(request: SignedInRequest, pk: UUID) -> HttpResponse:
        premises = selectors.premises(request.user, pk)
        return view(request, premises, PlaceDraft(request.session, moves=premises.pk))

    return guarded


@requires(Permission.OWN_REGISTRATION)
@require_form
@limit("address", "30/m", account_of)
@of_own_place
def address(request: SignedInRequest, premises: Premises, move: PlaceDraft) -> HttpResponse:
    """Step 1: the new address, in this county or any other."""
    form = MoveAddressForm(
        request.POST or None, initial=move.get("place") or {"kind": premises.kind}, current=premises.address
    )
    if form.is_valid():
        move.put_place(form.cleaned_data, form.found)
        return redirect("premises_move_pin", premises.pk)
    return _step(request, "address", 1, premises=premises, form=form)


@requires(Permission.OWN_REGISTRATION)
@require_form
@of_own_place
def pin(request: SignedInRequest, premises: Premises, move: PlaceDraft) -> HttpResponse:
    """Step 2: the pin on the new address. Its county decides what the move means."""
    if not move.get("place"):
        return redirect("premises_move", premises.pk)
    point = move.found.point
    form = MovePinForm(request.POST or None, initial=move.get("pin"), found=move.found)
    if form.is_valid():
        move.put("pin", form.cleaned_data)
        inside = inside_jurisdiction(form.point())
        return redirect("premises_move_check" if inside else "premises_move_away", premises.pk)
    ground = {"map": maps.ground(), "center": maps.pair(point)}
    return _step(request, "pin", 2, premises=premises, form=form, address=move.address, **ground)


@requires(Permission.OWN_REGISTRATION)
@require_form
@limit("address", "30/m", account_of)
@of_own_place
def check(request: SignedInRequest, premises: Premises, move: PlaceDraft) -> HttpResponse:
    """Step 3, inside: what stays and what changes; the move, once that is confirmed."""
    if gap := _gap(move, inside=True):
        return redirect(gap, premises.pk)
    refused: list[str] = []
    if request.method == "POST":
        try:
            move_services.move(premises=premises, by=request.user, place=move.place)
        except ValidationError as wrong:
            refused = wrong.messages
        else:
            move.clear()
            messages.success(
                request, _("You have moved. Please look whether each camera still says what it covers now.")
            )
            return redirect("profile")
    lines = [*move_presenters.staying(standing_of(premises)), *hooks.told_moving(premises)]
    return _step(request, "check", 3, premises=premises, address=move.address, lines=lines, refused=refused)


@privileged
@requires(Permission.OWN_REGISTRATION)
@require_form
@limit("address", "30/m", account_of)
@of_own_place
def away(request: SignedInRequest, premises: Premises, move: PlaceDraft) -> HttpResponse:
    """Step 3, outside: what ends here, whom to ask there, and whether they are asked to join; then it ends."""
    if gap := _gap(move, inside=False):
        return redirect(gap, premises.pk)
    county, refused = county_at(move.pin), []
    form = WishForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            left = move_services.move_away(premises=premises, by=request.user, place=move.place, wish=form.wish())
        except ValidationError as wrong:
            refused = wrong.messages
        else:
            return _gone(request, left, move)
    there = standing_of(premises)
    context = {"elsewhere": Elsewhere.of(county.fips if county else ""), "form": form, "refused": refused}
    return _step(
        request, "away", 3, premises=premises, there=there, days=LEAD_KEPT.days, **context, **_lists(premises, there)
    )


@requires(Permission.OWN_REGISTRATION)
@require_safe
def moved(request: SignedInRequest) -> HttpResponse:
    """Say what ended and whom to ask in the new county, while other places stay."""
    facts = request.session.get(MOVED)
    if facts is None:
        return redirect("profile")
    context = {"elsewhere": Elsewhere.of(facts["county"]), "lead": facts["lead"]}
    return render(request, "registry/people/moves/moved.html", context)


def _gone(request: SignedInRequest, left: Departure, move: PlaceDraft) -> HttpResponse:
    if left.held is not None:
        forget(request)
        request.session[RECEIPT] = left.held.facts()
        return redirect("left")
    move.clear()
    request.session[MOVED] = {
        "county": left.county.fips if left.county else "",
        "lead": left.lead.reference if left.lead else "",
    }
    return redirect("moved")


def _gap(move: PlaceDraft, *, inside: bool) -> str | None:
    """Return the page that comes first, or the one for the county of the pin; None when it is this page."""
    if not move.get("place"):
        return "premises_move"
    if not move.get("pin"):
        return "premises_move_pin"
    if inside_jurisdiction(move.pin) != inside:
        return "premises_move_away" if inside else "premises_move_check"
    return None


def _lists(premises: Premises, there: PlaceCounts) -> dict[str, list[str]]:
    held: Holdings = holdings_of(premises.registrant)
    return {
        "deleted": departures.deleted(held) if there.is_last else move_presenters.ending(there),
        "kept": departures.kept(held),
        "told": hooks.told_leaving(premises.registrant) if there.is_last else hooks.told_ending(premises),
    }


def _step(request: SignedInRequest, name: str, current: int, **context: Any) -> HttpResponse:
    context |= {"steps": LABELS, "current": current}
    return render(request, f"registry/people/moves/{name}.html", context)
