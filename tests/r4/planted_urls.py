"""The portal with an address of the console that nobody thought of, and that tells."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from fusus_portal.ground.access import Permission, requires
from registry.canvasses.models import FootageRequest


@requires(Permission.CANVASS)
def telling(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how many declined."""
    declined = FootageRequest.objects.filter(canvass=pk, state="declined").count()
    return HttpResponse(f"{declined} would rather not")


@requires(Permission.CANVASS)
def hidden(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Be there for nothing that the walk knows."""
    return HttpResponse(status=404)


urlpatterns = [
    path("console/canvasses/<uuid:pk>/planted/", telling, name="telling"),
    path("console/planted/<uuid:pk>/", hidden, name="hidden"),
    path("", include("fusus_portal.urls")),
]
