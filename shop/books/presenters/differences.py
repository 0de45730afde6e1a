from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shop.books.models import Reconciliation
from shop.catalogue.money import dollars
from shop.orders.models.staff_tasks import ShopTask

NAMES = {
    "books": gettext_lazy("In the books"),
    "service": gettext_lazy("At the payment service"),
    "cents": gettext_lazy("Amount"),
    "expected": gettext_lazy("Asked for"),
    "captured": gettext_lazy("Captured"),
    "amount": gettext_lazy("At the payment service"),
}
"""Facts of a task that are amounts."""

WORDS = {
    "kind": gettext_lazy("What"),
    "wrong": gettext_lazy("What differs"),
    "reason": gettext_lazy("Why"),
    "failure": gettext_lazy("Why"),
    "core": gettext_lazy("CORE"),
    "invoice": gettext_lazy("Invoice"),
    "claim": gettext_lazy("Claim"),
}

VALUES = {
    "refunded": gettext_lazy("What was given back"),
    "captured": gettext_lazy("What was paid"),
    "refund": gettext_lazy("A refund"),
    "payment_attempt": gettext_lazy("An attempt to pay"),
    "no_tax_rate": gettext_lazy("No sales tax rate is known for its place"),
    "dispute": gettext_lazy("A dispute. Answer it in the dashboard of the payment service."),
}
"""Values of facts in words."""


def facts(task: ShopTask) -> list[tuple[str, str]]:
    """Return the facts of a task in words; amounts in dollars."""
    known = [
        (str(NAMES[name]), dollars(value))
        if name in NAMES
        else (str(WORDS.get(name, name)), str(VALUES.get(str(value), value)))
        for name, value in task.facts.items()
        if name != "order"
    ]
    return [(_("About"), task.about), *known]


def run_sentence(run: Reconciliation) -> str:
    if run.finished_at is None:
        return _("Being compared. Look again in a minute.")
    if run.failure:
        return _("Not finished: the payment service did not answer. It is tried again.")
    found = ngettext("%(count)d difference", "%(count)d differences", run.differences) % {"count": run.differences}
    seen = _("%(attempts)d open payments, %(refunds)d refunds and %(notices)d messages looked at.") % {
        "attempts": run.attempts,
        "refunds": run.refunds,
        "notices": run.notices,
    }
    return f"{found}. {seen}"
