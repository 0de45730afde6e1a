import re
from itertools import pairwise

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, public, requires
from fusus_portal.ground.access.requests import require_form
from fusus_portal.ground.agency import forms, presenters, seals, selectors, services
from fusus_portal.ground.agency.models import COLOR, WORDS_NOTICE, Agency, DocumentKind, MessageText
from fusus_portal.ground.agency.sentences import Added
from fusus_portal.ground.agency.steps import Step, history_page, saved, step_of
from fusus_portal.ground.held_files import say_refusal, takes_picture
from fusus_portal.ground.notifications.channels.email_channel import Rendered
from fusus_portal.ground.notifications.kinds import Audience, MessageKind, all_kinds, kind_of

YEAR_SECONDS = 365 * 24 * 60 * 60


@public
@require_safe
@cache_control(public=True, max_age=YEAR_SECONDS, immutable=True)
def seal(request: HttpRequest, digest: str) -> HttpResponse:
    """Return the picture of a seal by its digest. The picture at an address never changes, so browsers may keep it."""
    if not seals.is_kept(digest):
        raise Http404
    return HttpResponse(
        seals.read(digest), content_type="image/png", headers={"Content-Disposition": 'inline; filename="seal.png"'}
    )


@public
@require_safe
def document(request: HttpRequest, kind: str, number: int | None = None) -> HttpResponse:
    versions, wanted = presenters.versions_of(kind), selectors.number_in_force(kind) if number is None else number
    found = next((one for one in versions if one.document.number == wanted), None)
    if found is None:
        raise Http404
    context = {
        "version": found,
        "blocks": presenters.blocks_of(found.document.text(get_language() or "en")),
        "others": [one for one in versions if one != found],
        "title": DocumentKind(kind).label,
    }
    return render(request, "public/document.html", context)


@requires(Permission.ADMINISTER, SAFE)
def administration(request: SignedInRequest) -> HttpResponse:
    form = forms.AdministrationSearchForm(request.GET)
    typed = form.typed()
    context = {"form": form, "typed": typed, "groups": presenters.grouped_sections(typed)}
    return render(request, "console/admin/hub.html", context)


@requires(Permission.ADMINISTER, SAFE)
def portal_needs(request: SignedInRequest) -> HttpResponse:
    context = {"heading": _("What the portal needs"), "needs": presenters.needs_page()}
    return render(request, "console/admin/needs.html", context)


@privileged
@requires(Permission.ADMINISTER, FORM)
def agency_data(request: SignedInRequest) -> HttpResponse:
    row = Agency.current()
    form = forms.AgencyForm(request.POST or None, instance=Agency.current(), initial={"revision": row.revision})
    step = step_of(request, form)
    if step is Step.SAVE and saved(form, lambda: services.change_agency(by=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved. Everyone sees it from now on."))
        return redirect("admin")
    if step is Step.LOOK:
        context = {
            "heading": _("How it would look"),
            "form": form,
            "proposed": selectors.words_of(form.instance),
            "proposal": form.instance,
            "differences": presenters.differences(row, form.instance, model=Agency),
        }
        return render(request, "console/admin/agency_look.html", context)
    return render(request, "console/admin/agency.html", {"heading": _("Agency data"), "form": form})


@requires(Permission.ADMINISTER, SAFE)
def preview_css(request: SignedInRequest, primary: str, accent: str) -> HttpResponse:
    """Return proposed colors as a stylesheet for the preview: the content policy allows no inline style."""
    colors = {"primary": f"#{primary}", "accent": f"#{accent}"}
    if not all(re.fullmatch(COLOR, color) for color in colors.values()):
        raise Http404
    return render(request, "console/admin/preview.css", colors, content_type="text/css; charset=utf-8")


@requires(Permission.ADMINISTER, SAFE)
def agency_history(request: SignedInRequest) -> HttpResponse:
    heading = _("What changed in the agency data")
    return history_page(request, Agency, heading=heading, back="agency_data", back_label=_("Agency data"))


@privileged
@requires(Permission.ADMINISTER)
@takes_picture
@require_form
def agency_seal(request: SignedInRequest) -> HttpResponse:
    row = Agency.current()
    chosen = forms.ChosenSealForm(request.POST if "seal" in request.POST else None)
    if chosen.is_valid():
        return _show_seal(request, chosen)
    form = forms.SealForm(request.POST, request.FILES) if request.method == "POST" else forms.SealForm()
    digest = ""
    say_refusal(form, "picture", request)
    if form.is_valid():
        try:
            digest = seals.keep(form.cleaned_data["picture"], sender=request.user.pk)
        except ValidationError as error:
            form.add_error("picture", error)
    context = {"heading": _("Seal"), "form": form, "row": row, "seal_now": selectors.seal_url(row), "digest": digest}
    return render(request, "console/admin/seal.html", context)


def _show_seal(request: SignedInRequest, chosen: forms.ChosenSealForm) -> HttpResponse:
    try:
        services.change_seal(by=request.user, **chosen.cleaned_data)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect("agency_seal")
    messages.success(request, _("Saved. The new seal is on every page from now on."))
    return redirect("admin")


@requires(Permission.ADMINISTER, SAFE)
def document_list(request: SignedInRequest) -> HttpResponse:
    lists = [(kind, reverse(f"{kind}_new"), presenters.versions_of(kind)) for kind in DocumentKind]
    return render(request, "console/admin/documents.html", {"heading": _("Terms and agreements"), "lists": lists})


@privileged
@requires(Permission.ADMINISTER, FORM)
def document_new(request: SignedInRequest, kind: str) -> HttpResponse:
    latest = selectors.versions(kind)[0]
    first = {name: getattr(latest, name) for name in ("text_en", "text_es", "names_glass")}
    is_signed = kind == DocumentKind.SHARING
    form = forms.DocumentForm(request.POST or None, initial={**first, "number": latest.number + 1}, is_signed=is_signed)
    step = step_of(request, form)
    if step is Step.SAVE:
        try:
            published = services.publish_document(by=request.user, kind=kind, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, presenters.published_as(published))
            return redirect("document_list")
    context = {
        "form": form,
        "heading": DocumentKind(kind).label,
        "number": latest.number + 1,
        "is_signed": is_signed,
        "notice": WORDS_NOTICE.days,
    }
    if step is Step.LOOK:
        typed = form.cleaned_data
        context["texts"] = [(code, presenters.blocks_of(typed[f"text_{code}"])) for code in LANGUAGES]
        return render(request, "console/admin/document_look.html", context)
    return render(request, "console/admin/document_new.html", context)


LANGUAGES = ("en", "es")


@requires(Permission.ADMINISTER, SAFE)
def message_list(request: SignedInRequest) -> HttpResponse:
    edited = selectors.edited_kinds()
    mailed = [kind for kind in all_kinds() if kind.mailed]
    rows = [(kind, kind.name.value in edited, kind.audience is Audience.PUBLIC) for kind in mailed]
    return render(request, "console/admin/messages.html", {"heading": _("Messages"), "rows": rows})


@privileged
@requires(Permission.ADMINISTER, FORM)
def message_text(request: SignedInRequest, kind: str) -> HttpResponse:
    known = _known(kind)
    now = selectors.texts_of(known)
    form = forms.MessageTextForm(request.POST or None, initial=forms.first_texts(now))
    step = step_of(request, form)
    if step is Step.SAVE and saved(
        form, lambda: services.change_message_texts(by=request.user, kind=known, texts=form.texts())
    ):
        messages.success(request, _("Saved. Messages carry it from now on."))
        return redirect("message_list")
    if step is Step.LOOK:
        context = {"heading": known.label, "form": form, "letters": _letters(known, form.texts())}
        return render(request, "console/admin/message_look.html", context)
    context = {
        "heading": known.label,
        "form": form,
        "kind": known,
        "purpose": kind_of(known).purpose,
        "letters": _letters(known, now),
        "is_edited": any(added != Added() for added in now.values()),
        "changes": _changes(known),
    }
    return render(request, "console/admin/message.html", context)


@privileged
@requires(Permission.ADMINISTER, POST)
def message_reset(request: SignedInRequest, kind: str) -> HttpResponse:
    services.reset_message_texts(by=request.user, kind=_known(kind))
    messages.success(request, _("Reset. The message says what the portal says, and no more."))
    return redirect("message_list")


def _known(kind: str) -> MessageKind:
    if kind not in MessageKind.values or not kind_of(kind).mailed:
        raise Http404
    return MessageKind(kind)


def _letters(kind: MessageKind, texts: dict[str, Added]) -> list[tuple[str, Rendered]]:
    return [(language, presenters.sample_message(kind, language, texts[language])) for language in LANGUAGES]


def _changes(kind: MessageKind) -> list[presenters.Change]:
    found = []
    for language in LANGUAGES:
        rows = list(selectors.history(MessageText).filter(kind=kind, language=language))
        for after, before in pairwise([*rows, None]):
            lines = presenters.differences(before, after, model=MessageText)
            found.append(presenters.Change(after.history_date, presenters.author_of(after), lines, about=language))
    return sorted(found, key=lambda change: change.at, reverse=True)
