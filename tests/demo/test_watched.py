"""The demo's live view that is over: it goes by the services, so the database and the gate are asked as ever."""

import pytest

from audit.log.models import AuditEntry
from fusus_portal.demo.data import live
from fusus_portal.demo.data.neighborhood import MIDDLE
from integration.critical.models import Declaration
from integration.critical.states import DeclarationState
from integration.live.models import ViewGrant
from tests.integration.critical.scenes import scene


@pytest.mark.django_db
def test_a_view_was_begun_watched_and_ended_once() -> None:
    made = scene(critical=False, point=MIDDLE.point)
    for _run in range(2):
        live.view_live(deputy=made.deputy, supervisor=made.supervisor)
    view = ViewGrant.objects.get()
    assert (view.state, view.end, view.minutes) == ("ended", "stopped", 1)
    said = AuditEntry.objects.filter(event__startswith="integration:view:").order_by("id")
    assert [entry.event.rpartition(":")[2] for entry in said] == ["start", "watch", "end"]


@pytest.mark.django_db
def test_an_incident_is_critical_around_the_shop_and_stays_so() -> None:
    made = scene(critical=False, point=MIDDLE.point)
    for _run in range(2):
        live.keep_critical(deputy=made.deputy, supervisor=made.supervisor, owner=made.camera.camera.premises.registrant)
    assert Declaration.objects.get().state == DeclarationState.IN_FORCE
