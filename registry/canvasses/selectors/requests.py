from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.selectors import shown
from fusus_portal.ground.lifecycle import find_or_refuse
from registry.canvasses.models import FootageRequest
from registry.canvasses.states import RequestState
from registry.footage.policies import hold_condition
from registry.footage.selectors import Filed
from registry.footage.states import EvidenceState
from registry.places.models import Premises
from registry.registrants.models import Registrant


def of(registrant: Registrant) -> QuerySet[Any]:
    """Return every request to a registrant, waiting ones first, each with `waits` and the number of `files` given."""
    waits = FootageRequest.objects.filter(
        pk=OuterRef("pk"),
        state=RequestState.SENT,
        expires_at__gt=timezone.now(),
        incident__settled_at__isnull=True,
    )
    requests = registrant.requests.select_related("incident__type", "canvass__sent_by", "canvass__created_by")
    counted = requests.annotate(waits=Exists(waits), files=Count("evidence"))
    return counted.order_by("-waits", "-sent_at", "pk")


def given(request: FootageRequest) -> list[Filed]:
    rows = request.evidence.select_related("upload__camera").annotate(on_hold=hold_condition())
    files = rows.order_by("received_at", "pk")
    return [Filed(file, file.on_hold and file.state != EvidenceState.DELETED) for file in files]


def waiting_about(premises: Premises) -> int:
    asked = premises.registrant.requests.filter(cameras__camera__premises=premises)
    return asked.filter(state=RequestState.SENT, expires_at__gt=timezone.now()).distinct().count()


def requests_to_answer(registrant: Registrant) -> QuerySet[FootageRequest]:
    return (
        registrant.requests.filter(
            state=RequestState.SENT, expires_at__gt=timezone.now(), incident__settled_at__isnull=True
        )
        .select_related("canvass__sent_by", "canvass__purpose", "incident__type")
        .order_by("expires_at")
    )


def request(by: User, pk: UUID) -> FootageRequest:
    """Return a request to this person. Raises NotYours."""
    own = FootageRequest.objects.filter(pk=pk, registrant__user=by)
    found = own.select_related("canvass__sent_by", "canvass__purpose", "incident__type", "registrant__user")
    return find_or_refuse(found, _("There is no such request."), subject=("request", str(pk)))


def caller(deputy: User) -> dict[str, object]:
    """Return badge and call-back number of who asks, as owners read them."""
    return {
        "deputy": deputy.badge,
        "call_back_number": deputy.call_back_number or shown().phone,
    }
