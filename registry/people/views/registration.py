"""Pages of registering in five short steps; the first is an account. Nothing is registered before the last step."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _now, gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import FORM, POST, Permission, SignedInRequest, public, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.accounts.forms import SignUpForm
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency.selectors import in_force
from fusus_portal.ground.pages import maps, times
from registry.footage.policies import standard_category
from registry.people.forms import ContactForm, MeaningForm
from registry.people.presenters.departures import elsewhere_of
from registry.people.presenters.profile import summary
from registry.people.services import registrants as registrant_services
from registry.places.drafts import Typed
from registry.places.forms.addresses import AddressForm
from registry.places.forms.cameras import MOST_AT_ONCE, PREFIX, CameraForms, NewCameras, rows_after
from registry.places.forms.pins import PinForm
from registry.places.hooks import after_registering
from registry.places.models import PremisesKind
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import RegistrantKind
from registry.registrants.selectors import draft_of, registrant_of_user
from registry.registrants.views import first_gap, unfinished

LABELS: Final = [_("Account"), _("You"), _("Place"), _("Cameras"), _("Check")]

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponse]
STEP_OF = {"you": 2, "place": 3, "pin": 3, "cameras": 4, "check": 5}
"""Number of the step of each page. Step 1 is the account."""
CHANGING = "change"
"""Query parameter of a step that a person changes from the last page, "Check"."""


class Draft(Typed):
    """A registration being filled in, kept with the account, so that the person can continue on another device."""

    def __init__(self, user: User) -> None:
        self.user = user
        found = draft_of(user)
        self.typed = dict(found.typed) if found else {}

    def put(self, step: str, typed: Any, *, forget: tuple[str, ...] = ()) -> None:
        self.typed = dict(registrant_services.keep_draft(by=self.user, step=step, typed=typed, forget=forget).typed)


def unregistered(view: View[R, P]) -> View[R, P]:
    """Send people who are registered already to their profile: an account has one registration."""

    @wraps(view)
    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if isinstance(request.user, User) and registrant_of_user(request.user) is not None:
            return redirect("profile")
        return view(request, *args, **kwargs)

    return guarded


@public
@never_cache
@require_safe
@unregistered
def start(request: HttpRequest) -> HttpResponse:
    """Explain registering, and ask for the account that it begins with. Anyone signed in continues at once."""
    if isinstance(request.user, User):
        return unfinished(request, request.user) or redirect("register_you")
    context = {"steps": LABELS, "current": 1, "form": SignUpForm(), "next_page": reverse("register_you")}
    return render(request, "registry/people/register/start.html", context)


@requires(Permission.OWN_REGISTRATION, POST)
@unregistered
def restart(request: SignedInRequest) -> HttpResponse:
    registrant_services.discard_draft(by=request.user)
    return redirect("register_you")


@requires(Permission.OWN_REGISTRATION, FORM)
@unregistered
def you(request: SignedInRequest) -> HttpResponse:
    draft = Draft(request.user)
    first = {"name": request.user.name, "language": (get_language() or "en")[:2]}
    is_business = kind_of(request.user) == RegistrantKind.BUSINESS
    form = ContactForm(request.POST or None, initial=draft.get("you") or first, is_business=is_business)
    if form.is_valid():
        draft.put("you", form.cleaned_data)
        return _onward(request, draft, "register_place")
    return _step(request, "you", form=form)


@requires(Permission.OWN_REGISTRATION, FORM)
@limit("address", "30/m", account_of)
@unregistered
def place(request: SignedInRequest) -> HttpResponse:
    draft = Draft(request.user)
    if gap := first_gap(draft.typed, before="place"):
        return redirect(gap)
    usual = {"kind": PremisesKind.BUSINESS if kind_of(request.user) == RegistrantKind.BUSINESS else PremisesKind.HOME}
    form = AddressForm(request.POST or None, initial=draft.get("place") or usual)
    if form.is_valid():
        draft.put_place(form.cleaned_data, form.found)
        return _onward(request, draft, "register_pin", is_half=True)
    return _step(request, "place", form=form, elsewhere=elsewhere_of(form.outside), back="register_you")


@requires(Permission.OWN_REGISTRATION, FORM)
@unregistered
def pin(request: SignedInRequest) -> HttpResponse:
    draft = Draft(request.user)
    if gap := first_gap(draft.typed, before="pin"):
        return redirect(gap)
    form = PinForm(request.POST or None, initial=draft.get("pin"), found=draft.found, street=draft.address.street)
    if form.is_valid():
        draft.put("pin", form.kept)
        return _onward(request, draft, "register_cameras")
    shown = {"address": draft.address, "map": maps.ground(), "center": maps.pair(draft.found.point)}
    return _step(request, "pin", form=form, elsewhere=elsewhere_of(form.outside), back="register_place", **shown)


@requires(Permission.OWN_REGISTRATION, FORM)
@unregistered
def cameras(request: SignedInRequest) -> HttpResponse:
    """Show step 4 of registering: one card a camera. "Another" and "remove" work without script."""
    draft = Draft(request.user)
    if gap := first_gap(draft.typed, before="cameras"):
        return redirect(gap)
    forms = _forms(request, draft.get("cameras"))
    if forms.is_bound and forms.is_valid():
        draft.put("cameras", [form.cleaned_data for form in forms])
        return _onward(request, draft, "register_check")
    if "another" in request.POST:
        forms[-1].fields["name"].widget.attrs["autofocus"] = True
    shown = {"forms": forms, "map": maps.ground(), "center": maps.pair(draft.pin)}
    return _step(request, "cameras", most=MOST_AT_ONCE, back="register_pin", **shown)


@requires(Permission.OWN_REGISTRATION, FORM)
@limit("address", "30/m", account_of)
@unregistered
def check(request: SignedInRequest) -> HttpResponse:
    draft = Draft(request.user)
    if gap := first_gap(draft.typed):
        return redirect(gap)
    documents, refused = in_force(), list[str]()
    form = MeaningForm(request.POST if request.method == "POST" else None, in_force=documents)
    if form.is_valid():
        try:
            return _confirm(request, draft, documents=form.cleaned_data["documents"])
        except ValidationError as wrong:
            refused = wrong.messages
    kept = times.kept(standard_category().days)
    shown = {"parts": summary(draft), "refused": refused, "documents": documents, "kept": kept}
    return _step(request, "check", form=form, back="register_cameras", **shown)


def kind_of(by: User) -> RegistrantKind:
    """Return the kind of registrant that the role of an account implies."""
    return RegistrantKind.BUSINESS if by.role == Role.BUSINESS else RegistrantKind.PERSON


def _confirm(request: SignedInRequest, draft: Draft, *, documents: Iterable[str]) -> HttpResponseRedirect:
    who = draft["you"]
    registrant_services.register(
        by=request.user,
        kind=kind_of(request.user),
        name=who["name"],
        phone=who["phone"],
        language=who["language"],
        place=draft.place,
        cameras=[CameraDetails(**camera) for camera in draft["cameras"]],
        documents=[UUID(document) for document in documents],
        reach=registrant_services.Reach.typed(who),
    )
    messages.success(request, _now("You are registered. Thank you. We have sent you a message that says so."))
    return redirect(after_registering(request))


def _forms(request: HttpRequest, known: list[dict[str, str]] | None) -> CameraForms:
    """Return the cards of cameras: as typed, with one more or one less if a button asks for that, or as kept."""
    if request.method != "POST":
        return NewCameras(initial=known, prefix=PREFIX)
    if "go_on" in request.POST:
        return NewCameras(request.POST, prefix=PREFIX)
    return NewCameras(initial=rows_after(request.POST), prefix=PREFIX)


def _onward(request: HttpRequest, draft: Draft, page: str, *, is_half: bool = False) -> HttpResponseRedirect:
    """Lead to the next step, or back to the last page, "Check", if the person came from there and no step is missing.

    is_half: `page` is the other half of the same step, which is changed with it.
    """
    if CHANGING not in request.GET:
        return redirect(page)
    first = page if is_half else first_gap(draft.typed)
    return redirect(f"{reverse(first)}?{CHANGING}=1" if first else "register_check")


def _step(request: HttpRequest, name: str, *, back: str = "", **context: Any) -> HttpResponse:
    context |= {
        "steps": LABELS,
        "current": STEP_OF[name],
        "back": "register_check" if CHANGING in request.GET else back,
    }
    return render(request, f"registry/people/register/{name}.html", context)
