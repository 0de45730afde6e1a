from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from shop.catalogue.money import dollars
from shop.orders.selectors import orders
from shop.orders.selectors.invoices import owed_of
from shop.orders.services import buyers
from shop.payments.forms import InvoiceCheckForm
from shop.payments.policies import must_be_on_account
from shop.payments.services import checks


@privileged
@requires(Permission.FULFILMENT)
@require_form
def order_check(request: SignedInRequest, number: str) -> HttpResponse:
    order = orders.one(number)
    must_be_on_account(order)
    form = InvoiceCheckForm(request.POST or None, order=order)
    if form.carry_out(checks.receive, order=order, by=request.user):
        messages.success(request, _("The check is recorded."))
        return redirect("fulfilment_order", number)
    buyers.see(order=order, by=request.user)
    return render(request, "shop/payments/check.html", {"order": order, "form": form, "due": dollars(owed_of(order))})
