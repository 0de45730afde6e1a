from importlib import import_module
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _

from audit.ledger.receipts import seals_of
from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, requires
from fusus_portal.ground.access.context import page_of_posted_form
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.agency.models import DocumentKind
from fusus_portal.ground.agency.presenters import blocks_of, coming
from fusus_portal.ground.agency.selectors import sharing_terms
from fusus_portal.ground.agency.steps import Step, step_of
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.pages.acts import OWN, ActPage, Way
from fusus_portal.ground.pages.times import localized_moment
from fusus_portal.ground.serving.lanes import urgent
from integration.cores.models import DeviceCamera
from integration.rules import AGREEMENT_LIFE
from integration.sharing import selectors, services
from integration.sharing.forms import WEEKS, RuleForm, ShareNowForm, SignForm
from integration.sharing.models import SharingAgreement, SharingMode
from integration.sharing.policies import names_glass
from integration.sharing.presenters import (
    WeekPicture,
    card_of,
    facts_of,
    last_day,
    said_by,
    sharing_page,
    state_of,
    usual_weeks,
    week_grid,
)
from registry.access_log.presenters.folds import look_days
from registry.access_log.presenters.looks import look_lines, looks_of
from registry.access_log.selectors import withheld_from
from registry.places.selectors import all_cameras_of
from registry.registrants.models import Registrant
from registry.registrants.views import registered

A_PAGE = 25


@urgent
@requires(Permission.OWN_DEVICES, SAFE)
@registered
def own_sharing(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    page = sharing_page(registrant)
    ended = None if page.agreement else selectors.agreements_of(registrant).first()
    context = {
        "page": page,
        "last_day": last_day(page.agreement) if page.agreement else "",
        "ended": ended,
        "ended_words": state_of(ended) if ended else "",
        "coming": coming(DocumentKind.SHARING),
    }
    return render(request, "integration/sharing/sharing.html", context)


@urgent
@requires(Permission.OWN_DEVICES, POST)
@registered
def pause(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    services.pause_sharing(registrant=registrant, by=request.user)
    messages.success(request, _("Paused. It works at once, and nobody asks why."))
    return redirect(page_of_posted_form(request, "own_sharing", "profile", "device"))


@requires(Permission.OWN_DEVICES, POST)
@registered
def resume(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    services.resume_sharing(registrant=registrant, by=request.user)
    sentence = _("Resumed. Each camera follows its own rule again.")
    if sharing_page(registrant).has_paused_camera:
        sentence = _("Resumed. Each camera follows its own rule again, but for those that you paused one by one.")
    messages.success(request, sentence)
    return redirect(page_of_posted_form(request, "own_sharing", "profile", "device"))


@urgent
@requires(Permission.OWN_DEVICES, FORM)
@limit("camera", "60/m", account_of)
def rule(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = selectors.own_camera(request.user, pk)
    form = _rule_form(camera, request.POST if request.method == "POST" else None)
    if saved := form.carry_out(services.set_rule, camera=camera, by=request.user):
        if saved.mode == SharingMode.ASK:
            messages.success(request, _("Saved. Nobody can see this camera until you share it below."))
            return redirect("sharing_rule", pk)
        sentence = _("Saved: %(name)s.") % {"name": camera.camera.name}
        messages.success(request, f"{sentence} {_('Hours that overlap were joined.')}" if form.joins else sentence)
        return redirect("own_sharing")
    return render(request, "integration/sharing/rule.html", _about(camera, form))


@requires(Permission.OWN_DEVICES, POST)
@limit("camera", "60/m", account_of)
def share_now(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = selectors.own_camera(request.user, pk)
    form = ShareNowForm(request.POST)
    if form.is_valid():
        shared = services.share_now(camera=camera, by=request.user, hours=form.cleaned_data["hours"])
        until = localized_moment(shared.shared_until) if shared.shared_until else ""
        messages.success(request, _("Shared until %(time)s. You can stop it at any time.") % {"time": until})
        return redirect("sharing_rule", pk)
    context = {**_about(camera, _rule_form(camera)), "now_form": form}
    return render(request, "integration/sharing/rule.html", context)


@urgent
@requires(Permission.OWN_DEVICES, POST)
@limit("camera", "60/m", account_of)
def stop_sharing(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = selectors.own_camera(request.user, pk)
    services.stop_sharing(camera=camera, by=request.user)
    messages.success(request, _("Stopped. Nobody can see this camera now."))
    return redirect("sharing_rule", pk)


@requires(Permission.OWN_DEVICES, SAFE)
@registered
def history(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    cameras = list(all_cameras_of(registrant))
    page = Paginator(selectors.consents_about(cameras), A_PAGE).get_page(request.GET.get("page"))
    entries = list(page.object_list)
    looks = looks_of(
        entries,
        cameras=cameras,
        reader=request.user,
        withheld=withheld_from(registrant),
        seals=seals_of(entry.pk for entry in entries),
    )
    context = {
        "page": page,
        "lines": [(look, said_by(entry.facts)) for look, entry in zip(looks, entries, strict=True)],
        "agreements": [(each, state_of(each)) for each in selectors.agreements_of(registrant)],
        "pauses": selectors.pauses_of(registrant)[:A_PAGE],
    }
    return render(request, "integration/sharing/history.html", context)


@privileged
@requires(Permission.OWN_DEVICES, FORM)
@registered
def sign(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    terms = sharing_terms()
    form = SignForm(request.POST if request.method == "POST" else None, initial={"document": terms.pk})
    step = step_of(request, form)
    if (
        step is Step.SAVE
        and form.carry_out(services.sign_agreement, registrant=registrant, by=request.user) is not None
    ):
        messages.success(request, _("Signed. The rule of each camera says when it may be seen."))
        return redirect("own_sharing")
    page = sharing_page(registrant)
    context: dict[str, Any] = {
        "form": form,
        "terms": terms,
        "blocks": blocks_of(terms.text(get_language() or "en")),
        "registrant": registrant,
        "current": page.agreement,
        "page": page,
        "coming": coming(DocumentKind.SHARING),
        "last_day": date_format(timezone.localdate() + AGREEMENT_LIFE, "DATE_FORMAT"),
    }
    template = "sign_look" if step is Step.LOOK else "sign"
    return render(request, f"integration/sharing/{template}.html", context)


@urgent
@requires(Permission.OWN_DEVICES, FORM)
def revoke(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show what stops when the agreement is taken back; the press takes it back. It asks for no password."""
    agreement = selectors.own_agreement(request.user, pk)
    if request.method == "POST":
        services.revoke_agreement(agreement=agreement, by=request.user)
        messages.success(request, _("The agreement is taken back. Nothing is shared any more. The proof is below."))
        return redirect("own_sharing")
    return ActPage(
        title=_("Take the agreement back"),
        heading=_("Take the agreement back?"),
        intro=_(
            "Nothing is shared from that moment on, and any live view ends. You get a proof to download. You can "
            "sign again at any time."
        ),
        facts=facts_of(agreement),
        sentences=[
            _(
                "Nobody asks why. Your cameras stay in the registry, and their rules stay as they are. To stop "
                "everything for a while only, use the pause."
            )
        ],
        label=_("Take it back"),
        kind="secondary",
        way=Way(reverse("own_sharing"), cancel=_("Keep the agreement")),
        base=OWN,
    ).answer(request)


@requires(Permission.OWN_DEVICES, SAFE)
@limit("agreement_paper", "12/m", account_of)
def paper(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _paper(selectors.own_agreement(request.user, pk), of_its_end=False)


@requires(Permission.OWN_DEVICES, SAFE)
@limit("agreement_paper", "12/m", account_of)
def end_paper(request: SignedInRequest, pk: UUID) -> HttpResponse:
    agreement = selectors.own_agreement(request.user, pk)
    if agreement.over_at is None:
        raise Stale(_("This agreement is in force, so there is no proof of its end."), subject=agreement.subject)
    return _paper(agreement, of_its_end=True)


def _rule_form(camera: DeviceCamera, typed: Any = None) -> RuleForm:
    premises = camera.camera.premises
    agreement, opening = selectors.current_agreement(premises.registrant), selectors.opening_hours_of(premises)
    names = names_glass(agreement)
    return RuleForm(typed, rule=selectors.rule_of(camera), opening=opening.week if opening else (), names_glass=names)


def _about(camera: DeviceCamera, form: RuleForm) -> dict[str, Any]:
    registrant = camera.camera.premises.registrant
    card = card_of(camera, selectors.current_agreement(registrant), selectors.pause_of(registrant), timezone.now())
    entries = list(selectors.views_of(camera)[:A_PAGE])
    looks = look_lines(entries, cameras=[camera.camera], reader=registrant.user, withheld=withheld_from(registrant))
    return {
        "form": form,
        "card": card,
        "choices": [(*choice, week if week is None else WeekPicture(week)) for *choice, week in form.choices()],
        "lists": [(mode, form.list_of(mode), usual_weeks(mode)) for mode in WEEKS],
        "grid": week_grid(),
        "followers": [follower.camera.name for follower in selectors.followers_of(camera)],
        "now_form": ShareNowForm(),
        "days": look_days(looks),
    }


def _paper(agreement: SharingAgreement, *, of_its_end: bool) -> HttpResponse:
    number = agreement.registrant.reference if agreement.registrant else ""
    name = f"{number}-agreement-{'end-' if of_its_end else ''}{agreement.signed_at:%Y-%m-%d}.pdf"
    content = import_module("integration.sharing.agreement_paper").drawn(agreement, of_its_end=of_its_end)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
