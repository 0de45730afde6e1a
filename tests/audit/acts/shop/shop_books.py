"""Acts about the books of a period. The payment service is not there, which is an entry too."""

from django.utils import timezone

from audit.log.events import Event
from shop.books import services as books
from shop.books.models import BookCheck
from shop.books.policies import Period
from tests.audit.acts import Act, calls
from tests.factories import person


def today() -> Period:
    """Return this day."""
    return Period(timezone.localdate(), timezone.localdate())


@calls(books.record_export, Event.BOOKS_EXPORTED)
def export() -> Act:
    """An auditor takes them along."""
    by = person("auditor")
    return lambda: books.record_export(by=by, period=today())


@calls(books.ask_for_check, Event.BOOKS_CHECK_ASKED)
def ask() -> Act:
    """A supervisor wants to know whether they are right."""
    by = person("supervisor")
    return lambda: books.ask_for_check(by=by, period=today())


@calls(books.run_check, Event.BOOKS_CHECKED)
def run() -> Act:
    """The worker asks the payment service."""
    check = BookCheck.objects.create(staff=person("clerk"), first=today().first, last=today().last)
    return lambda: books.run_check(pk=check.pk)


@calls(books.take_up_checks, Event.BOOKS_CHECKED)
def take_up() -> Act:
    """Or another worker does, when the first never heard of it."""
    asked = timezone.now() - books.UNHEARD
    BookCheck.objects.create(staff=person("clerk"), first=today().first, last=today().last, asked_at=asked)
    return books.take_up_checks
