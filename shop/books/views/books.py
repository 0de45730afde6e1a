from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.permissions import has
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.serving.lanes import sends_files
from shop.books import periods
from shop.books.forms import PeriodForm
from shop.books.presenters import books as book_presenters
from shop.books.selectors import sums
from shop.books.selectors.sums import sums_of
from shop.books.services import books as book_services

PAGE = "shop/books/books.html"


@requires(Permission.READ_BOOKS)
@require_safe
def books(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    month = periods.this_month(today)
    written = request.GET or {"first": str(month.first), "last": str(month.last)}
    form = PeriodForm(written)
    return _page(request, form)


@sends_files
@requires(Permission.READ_BOOKS)
@require_POST
@limit("books", "30/m", account_of)
def books_file(request: SignedInRequest) -> HttpResponseBase:
    """Export a period as CSV, row by row. The entry of the export is written before the first row."""
    form = PeriodForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    period = form.period
    book_services.export(by=request.user, period=period)
    name = f'attachment; filename="books-{period.first}-{period.last}.csv"'
    return StreamingHttpResponse(
        book_presenters.file_of(period), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name}
    )


@requires(Permission.READ_BOOKS)
@require_POST
@limit("books", "30/m", account_of)
def books_compare(request: SignedInRequest) -> HttpResponse:
    form = PeriodForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    book_services.ask(by=request.user, period=form.period)
    messages.success(request, _("The books are being compared. Look again in a minute."))
    return redirect(book_presenters.address_of(form.period))


def _page(request: SignedInRequest, form: PeriodForm) -> HttpResponse:
    context: dict[str, object] = {
        "form": form,
        "choices": book_presenters.choices(timezone.localdate()),
        "works_on_it": has(request.user.role, Permission.FULFILMENT),
    }
    if not form.is_valid():
        return render(request, PAGE, context, status=422)
    period = form.period
    page = book_presenters.BooksPage(period, sums_of(period), sums.latest(period))
    return render(request, PAGE, {**context, "page": page})
