from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from shop.books.forms import DoneForm
from shop.books.presenters import differences as difference_presenters
from shop.books.selectors import differences as difference_selectors
from shop.books.services import comparisons
from shop.orders.services import staff_tasks

FOLDER = "shop/books/differences"


@requires(Permission.FULFILMENT)
@require_safe
def differences(request: SignedInRequest) -> HttpResponse:
    context = {
        "rows": [(task, difference_presenters.facts(task)) for task in difference_selectors.open_tasks()],
        "runs": [(run, difference_presenters.run_sentence(run)) for run in difference_selectors.runs()],
    }
    return render(request, f"{FOLDER}/list.html", context)


@requires(Permission.FULFILMENT)
@require_POST
def compare(request: SignedInRequest) -> HttpResponse:
    comparisons.ask(by=request.user)
    messages.success(request, _("The books are being compared. Look again in a minute."))
    return redirect("differences")


@requires(Permission.FULFILMENT)
@require_form
def difference(request: SignedInRequest, pk: UUID) -> HttpResponse:
    task = difference_selectors.task(pk)
    form = DoneForm(request.POST or None)
    if form.carry_out(staff_tasks.settle, task=task, by=request.user):
        messages.success(request, _("Done. It stays in the log."))
        return redirect("differences")
    context = {"form": form, "task": task, "facts": difference_presenters.facts(task)}
    return render(request, f"{FOLDER}/one.html", context)
