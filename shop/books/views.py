from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.permissions import has
from fusus_portal.ground.serving.lanes import sends_files
from shop.books import forms, presenters, selectors, services
from shop.orders.services import orders

PAGE = "shop/books/books.html"


@requires(Permission.READ_BOOKS, SAFE)
def books(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    written = request.GET or {"first": str(today.replace(day=1)), "last": str(today)}
    return _page(request, forms.PeriodForm(written))


@sends_files
@requires(Permission.READ_BOOKS, POST)
@limit("books", "30/m", account_of)
def books_file(request: SignedInRequest) -> HttpResponseBase:
    """Export a period as CSV, row by row. The export is in the log before the first row is sent."""
    form = forms.PeriodForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    period = form.period
    services.record_export(by=request.user, period=period)
    name = f'attachment; filename="books-{period.first}-{period.last}.csv"'
    return StreamingHttpResponse(
        presenters.books_lines(period), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name}
    )


@requires(Permission.READ_BOOKS, POST)
@limit("books", "30/m", account_of)
def books_compare(request: SignedInRequest) -> HttpResponse:
    form = forms.PeriodForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    services.ask_for_check(by=request.user, period=form.period)
    messages.success(request, _("The books are being compared. Look again in a minute."))
    return redirect(presenters.books_address(form.period))


def _page(request: SignedInRequest, form: forms.PeriodForm) -> HttpResponse:
    context: dict[str, object] = {
        "form": form,
        "choices": presenters.period_choices(timezone.localdate()),
        "works_on_it": has(request.user.role, Permission.FULFILMENT),
    }
    if not form.is_valid():
        return render(request, PAGE, context, status=422)
    period = form.period
    page = presenters.BooksPage(period, selectors.sums_of(period), selectors.latest_check(period))
    return render(request, PAGE, {**context, "page": page})


FOLDER = "shop/books/differences"


@requires(Permission.FULFILMENT, SAFE)
def differences(request: SignedInRequest) -> HttpResponse:
    context = {
        "rows": [(task, presenters.task_facts(task)) for task in selectors.open_tasks()],
        "runs": [(run, presenters.comparison_words(run)) for run in selectors.latest_comparisons()],
    }
    return render(request, f"{FOLDER}/list.html", context)


@requires(Permission.FULFILMENT, POST)
def compare(request: SignedInRequest) -> HttpResponse:
    services.ask_for_comparison(by=request.user)
    messages.success(request, _("The books are being compared. Look again in a minute."))
    return redirect("differences")


@requires(Permission.FULFILMENT, FORM)
def difference(request: SignedInRequest, pk: UUID) -> HttpResponse:
    task = selectors.shop_task(pk)
    form = forms.DoneForm(request.POST or None)
    if form.carry_out(orders.settle_task, task=task, by=request.user):
        messages.success(request, _("Done. It stays in the log."))
        return redirect("differences")
    context = {"form": form, "task": task, "facts": presenters.task_facts(task)}
    return render(request, f"{FOLDER}/one.html", context)
