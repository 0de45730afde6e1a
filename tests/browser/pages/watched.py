"""People before the pages that come after a live view."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from integration.watch_hours import services
from integration.watch_hours.models import WatchedDay
from tests.factories import person
from tests.integration.clips.clipping import asked
from tests.integration.cores.devices import business_at
from tests.integration.critical.scenes import scene
from tests.integration.live.watching import viewed

if TYPE_CHECKING:
    from tests.browser.pages.everybody import Everybody


def viewed_live(here: "Everybody") -> None:
    """Let a business come whose camera was viewed live, and flag a camera that was viewed for long."""
    owner = business_at(user=person(Role.BUSINESS, language=here.language), language=here.language)
    there = scene(business=owner)
    viewed(there, minutes=2)
    here.knows("sharing", there.camera)
    here.comes(owner.user)
    here.comes(there.deputy)
    here.knows("incidents", there.incident)
    here.knows("clips", there.camera, asked(there))
    long = {"premises_kind": "business", "zip_code": "35203", "deputy": "Deputy K7Q2", "seconds": 9 * 3600}
    WatchedDay.objects.create(day=timezone.localdate(), camera=uuid4(), **long)
    services.flag()
