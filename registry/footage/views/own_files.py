"""What the holder of a request's link may say about the files given, and the receipt for them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.access.methods import require_form
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.presenters.reply import ReplyPage
from registry.canvasses.private_links import private_link
from registry.canvasses.request_links import link_actor, token_for
from registry.footage.forms.files import FileForm
from registry.footage.services import descriptions


@require_form
@limit("reply", "30/m")
@private_link
def reply_files(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    """Take which camera each file is from and when it starts; nothing of it has to be said."""
    page = ReplyPage(asked, token_for(asked))
    forms = [FileForm(request.POST or None, upload=upload, cameras=page.cameras) for upload in page.describable]
    valid = [form.is_valid() for form in forms]
    if request.method == "POST" and all(valid) and _save(request, asked, forms):
        return redirect("reply_files", page.token)
    return render(request, "registry/canvasses/reply/describe.html", {"page": page, "forms": forms})


@require_safe
@private_link
def reply_receipt(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    """Show the receipt of what was given, to print or save."""
    return render(request, "registry/access_log/receipt.html", {"page": ReplyPage(asked, token_for(asked))})


def _save(request: HttpRequest, asked: FootageRequest, forms: list[FileForm]) -> bool:
    """Note what was said; return whether all of it was taken."""
    by = link_actor(asked)
    described = [form.carry_out(descriptions.describe, upload=form.upload, by=by) for form in forms]
    saved = [upload for upload in described if upload]
    if len(saved) < len(forms):
        return False
    messages.success(request, _("Saved. Thank you, this helps."))
    for upload in saved:
        if upload.starts_at and not asked.canvass.starts_at <= upload.starts_at <= asked.canvass.ends_at:
            sentence = _("%(name)s starts outside the hours asked for. That is fine if it runs into them.")
            messages.warning(request, sentence % {"name": upload.name})
    return True
