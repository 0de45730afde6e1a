"""After a view its owner is told, once; a delay holds that back; and the minutes of a view are one line."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.notifications.channels.email_channel import letter_of
from fusus_portal.ground.notifications.kinds import kind_of
from fusus_portal.ground.notifications.models import Message
from integration.critical import services as critical
from integration.critical.models import Declaration
from integration.live.models import ViewGrant
from integration.live.services import offers, views
from registry.access_log import services as access_log
from registry.access_log.models import LookDelay
from registry.incidents.services import incidents
from registry.people.services import registrants
from tests.factories import REASON, person
from tests.integration.clips.clipping import asked
from tests.integration.critical.scenes import Scene, scene
from tests.integration.live.watching import viewed
from tests.people import sign_in
from tests.registry.access_log.delays import DELAY_REASON

pytestmark = pytest.mark.django_db

make_world = scene


@pytest.fixture
def there(world: Scene) -> Scene:
    """Return a critical incident beside a shared camera."""
    return world


def told() -> list[Message]:
    return list(Message.objects.filter(kind="live_viewed").order_by("queued_at"))


def text_of(message: Message) -> str:
    rendered = letter_of(message)
    return f"{rendered.subject}\n{rendered.text}\n{rendered.html}"


def delay(there: Scene, *, days: int = 30) -> LookDelay:
    now = timezone.now()
    return LookDelay.objects.create(
        registrant=there.registrant,
        incident=there.incident,
        camera=there.camera.camera,
        reason=REASON,
        placed_by=person("supervisor"),
        starts_at=now,
        ends_at=now + timedelta(days=days),
    )


class TestTheOwnerIsTold:
    def test_who_when_how_long_and_for_which_incident(self, there: Scene) -> None:
        grant = viewed(there, minutes=3)
        assert views.notify_owners() == 1
        [message] = told()
        assert message.to == there.owner.email
        said = text_of(message)
        assert there.deputy.pseudonym in said
        assert there.incident.number in said
        assert "up to 3 minutes" in said
        assert date_format(timezone.localtime(grant.began_at), "DATE_FORMAT") in said
        assert reverse("looks") in said
        assert REASON not in said

    def test_once(self, there: Scene) -> None:
        viewed(there, minutes=1)
        assert [views.notify_owners(), views.notify_owners()] == [1, 0]
        assert len(told()) == 1

    def test_not_before_the_view_has_ended(self, there: Scene) -> None:
        grant = there.view()
        assert views.notify_owners() == 0
        views.end(grant=grant, by=there.deputy)
        assert views.notify_owners() == 1
        assert "ended before any video was shown" in text_of(told()[0])

    def test_whatever_they_chose_about_other_mails(self, there: Scene) -> None:
        access_log.change_notices(registrant=there.registrant, by=there.owner, searches="none", footage="none")
        viewed(there, minutes=1)
        assert views.notify_owners() == 1

    def test_though_the_first_try_broke(self, there: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        viewed(there, minutes=1)
        with monkeypatch.context() as broken:
            broken.setattr("integration.live.services.views._letter_after", _breaks)
            with pytest.raises(DatabaseError):
                views.notify_owners()
        assert ViewGrant.objects.get().told_at is None
        assert views.notify_owners() == 1

    def test_unless_they_have_left(self, there: Scene) -> None:
        viewed(there, minutes=1)
        registrants.leave(registrant=there.registrant, by=there.owner)
        assert views.notify_owners() == 0


def _breaks(grant: ViewGrant) -> None:
    raise DatabaseError("gone")


class TestADelay:
    def test_holds_the_message_back_until_it_ends(self, there: Scene) -> None:
        ending = delay(there)
        viewed(there, minutes=1)
        assert views.notify_owners() == 0
        with time_machine.travel(ending.ends_at + timedelta(minutes=1)):
            assert views.notify_owners() == 1
            assert there.deputy.pseudonym in text_of(told()[0])

    def test_that_comes_while_the_message_waits_closes_what_it_says(self, there: Scene) -> None:
        viewed(there, minutes=1)
        views.notify_owners()
        delay(there)
        said = text_of(told()[0])
        assert "You can read what this entry says from" in said
        for secret in (there.deputy.pseudonym, there.incident.number, there.camera.camera.name):
            assert secret not in said
        assert kind_of("live_viewed").build(told()[0].context)["withheld"]

    def test_is_seen_at_once_on_the_page(self, there: Scene) -> None:
        delay(there)
        viewed(there, minutes=2)
        page = sign_in(there.owner).get(reverse("looks")).content.decode()
        assert "Opens later" in page
        assert there.deputy.pseudonym not in page
        assert "viewed this camera live" not in page


class TestTheOwnersPage:
    def test_makes_one_line_of_the_minutes_with_a_receipt_for_each(self, there: Scene) -> None:
        viewed(there, minutes=3)
        page = sign_in(there.owner).get(reverse("looks")).content.decode()
        assert page.count("viewed this camera live, for up to 3 minutes") == 1
        numbers = AuditEntry.objects.filter(event="integration:view:watch").values_list("camera_number", flat=True)
        assert len(numbers) == 3
        for number in numbers:
            assert f'data-number="{number}"' in page

    def test_keeps_the_views_of_two_people_apart(self, there: Scene) -> None:
        viewed(there, minutes=2)
        viewed(there, minutes=3)
        page = sign_in(there.owner).get(reverse("looks"), {"kind": "viewed"}).content.decode()
        assert "for up to 2 minutes" in page
        assert "for up to 3 minutes" in page

    def test_of_the_camera_says_who_viewed_it(self, there: Scene) -> None:
        browser, address = sign_in(there.owner), reverse("sharing_rule", args=[there.camera.pk])
        assert "Nobody yet." in browser.get(address).content.decode()
        viewed(there, minutes=2)
        page = browser.get(address).content.decode()
        assert there.deputy.pseudonym in page
        assert "for up to 2 minutes" in page
        assert there.incident.number in page


def test_a_supervisor_who_was_shown_the_camera_live_can_delay(there: Scene) -> None:
    incidents.assign(incident=there.incident, user=there.supervisor, by=there.supervisor)
    wish: dict[str, Any] = {
        "incident": there.incident,
        "camera": there.camera.camera,
        "by": there.supervisor,
        "days": 7,
    }
    with pytest.raises(NotYours):
        access_log.delay_looks(**wish, reason=DELAY_REASON)
    offers.show(incident=there.incident, by=there.supervisor)
    access_log.delay_looks(**wish, reason=DELAY_REASON)
    viewed(there, minutes=1)
    assert views.notify_owners() == 0


class TestTheLinkToADelay:
    def links(self, there: Scene, by: User) -> list[str]:
        """Return which of the pages that a supervisor has of the incident lead to the delay of this owner."""
        address = reverse("look_delay_new", args=[there.incident.pk, there.camera.camera_id])
        browser = sign_in(by)
        names = ("incident_live", "critical", "incident")
        pages = {name: browser.get(reverse(name, args=[there.incident.pk])).content.decode() for name in names}
        return [name for name, page in pages.items() if address in page]

    def test_stands_where_a_camera_is_or_was_viewed(self, there: Scene) -> None:
        by = there.supervisor
        incidents.assign(incident=there.incident, user=by, by=by)
        assert self.links(there, by) == []
        viewed(there, minutes=1)
        assert self.links(there, by) == ["incident_live", "critical", "incident"]
        critical.end_declaration(declaration=Declaration.objects.get(), by=by)
        assert self.links(there, by) == ["critical", "incident"]
        access_log.delay_looks(incident=there.incident, camera=there.camera.camera, by=by, days=7, reason=DELAY_REASON)
        assert self.links(there, by) == []

    def test_is_gone_once_the_owner_was_asked_for_footage(self, there: Scene) -> None:
        incidents.assign(incident=there.incident, user=there.supervisor, by=there.supervisor)
        viewed(there, minutes=1)
        assert self.links(there, there.supervisor)
        asked(there)
        assert self.links(there, there.supervisor) == []

    def test_is_for_people_who_may_sign_it_and_were_shown_the_camera(self, there: Scene) -> None:
        viewed(there, minutes=1)
        assert self.links(there, there.deputy) == []
        other = person("supervisor")
        incidents.assign(incident=there.incident, user=other, by=there.supervisor)
        critical.end_declaration(declaration=Declaration.objects.get(), by=there.supervisor)
        assert self.links(there, other) == []
