from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.access import FORM, SAFE, Permission, SignedInRequest, privileged, requires
from fusus_portal.ground.agency.steps import LimitPages
from registry.limits import services
from registry.limits.forms import LimitsForm
from registry.limits.models import Limits

PAGES = LimitPages(
    model=Limits,
    form=LimitsForm,
    change=services.change,
    address="limits",
    title=_("Limits"),
    heading=_("What changed in the limits"),
    intro=_(
        "What a request may ask for and how it is followed up. The ranges are fixed: no setting can pass them. "
        "What is not here can't be changed."
    ),
    kept=_("Nothing is saved yet. Requests already sent and footage already here keep what they have."),
)


@privileged
@requires(Permission.ADMINISTER, FORM)
def limits_page(request: SignedInRequest) -> HttpResponse:
    return PAGES.page(request)


@requires(Permission.ADMINISTER, SAFE)
def limits_history(request: SignedInRequest) -> HttpResponse:
    return PAGES.history(request)
