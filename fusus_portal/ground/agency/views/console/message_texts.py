from itertools import pairwise

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.agency import selectors
from fusus_portal.ground.agency.forms.agency import MessageTextForm, first_texts
from fusus_portal.ground.agency.models import MessageText
from fusus_portal.ground.agency.presenters import history, samples
from fusus_portal.ground.agency.sentences import Added
from fusus_portal.ground.agency.services import message_texts
from fusus_portal.ground.agency.steps import Step, saved, step_of
from fusus_portal.ground.notifications.channels.email.rendering import Rendered
from fusus_portal.ground.notifications.kinds import Audience, MessageKind, all_kinds, kind_of

LANGUAGES = ("en", "es")


@requires(Permission.ADMINISTER)
@require_safe
def message_list(request: SignedInRequest) -> HttpResponse:
    edited = selectors.edited_kinds()
    mailed = [kind for kind in all_kinds() if kind.mailed]
    rows = [(kind, kind.name.value in edited, kind.audience is Audience.PUBLIC) for kind in mailed]
    return render(request, "console/admin/messages.html", {"rows": rows})


@privileged
@requires(Permission.ADMINISTER)
@require_form
def message_text(request: SignedInRequest, kind: str) -> HttpResponse:
    known = _known(kind)
    now = selectors.texts_of(known)
    form = MessageTextForm(request.POST or None, initial=first_texts(now))
    step = step_of(request, form)
    if step is Step.SAVE and saved(form, lambda: message_texts.change(by=request.user, kind=known, texts=form.texts())):
        messages.success(request, _("Saved. Messages carry it from now on."))
        return redirect("message_list")
    if step is Step.LOOK:
        context = {"form": form, "kind": known, "letters": _letters(known, form.texts())}
        return render(request, "console/admin/message_look.html", context)
    context = {
        "form": form,
        "kind": known,
        "purpose": kind_of(known).purpose,
        "letters": _letters(known, now),
        "is_edited": any(added != Added() for added in now.values()),
        "changes": _changes(known),
    }
    return render(request, "console/admin/message.html", context)


@privileged
@requires(Permission.ADMINISTER)
@require_POST
def message_reset(request: SignedInRequest, kind: str) -> HttpResponse:
    message_texts.reset(by=request.user, kind=_known(kind))
    messages.success(request, _("Reset. The message says what the portal says, and no more."))
    return redirect("message_list")


def _known(kind: str) -> MessageKind:
    if kind not in MessageKind.values or not kind_of(kind).mailed:
        raise Http404
    return MessageKind(kind)


def _letters(kind: MessageKind, texts: dict[str, Added]) -> list[tuple[str, Rendered]]:
    return [(language, samples.message(kind, language, texts[language])) for language in LANGUAGES]


def _changes(kind: MessageKind) -> list[history.Change]:
    found = []
    for language in LANGUAGES:
        rows = list(selectors.history(MessageText).filter(kind=kind, language=language))
        for after, before in pairwise([*rows, None]):
            lines = history.differences(before, after, model=MessageText)
            found.append(history.Change(after.history_date, history.who(after), lines, about=language))
    return sorted(found, key=lambda change: change.at, reverse=True)
