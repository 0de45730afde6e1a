"""E-mails about who looked: as often as the owner chose, never twice, never a name, nothing that is delayed."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from audit.log.events import Event
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from registry.access_log import services
from registry.access_log.models import LookDelay, LooksRead, NoticeSettings, Rhythm
from registry.access_log.selectors import Channel, fresh_entries, stop_token
from registry.canvasses.services import canvasses
from registry.footage.services import custody
from registry.people.services import registrants
from registry.registrants.models import Registrant
from registry.rules import LOOKS_SETTLE
from tests.database.clone import Clone
from tests.factories import REASON, draft_of, incident_at, person, registrant_at, request_at
from tests.people import sign_in
from tests.registry.access_log.delays import case_of, delayed
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given

pytestmark = pytest.mark.django_db


def after(time: timedelta) -> int:
    """Write the mails that are due then; return how many."""
    with time_machine.travel(timezone.now() + time):
        return services.tell_looks()


def owner(language: str = "en") -> Registrant:
    """Return an owner whom the worker has met, as it does every quarter of an hour."""
    registrant = registrant_at(language=language)
    services.tell_looks()
    return registrant


def chosen(registrant: Registrant, *, searches: str = Rhythm.NONE, footage: str = Rhythm.NONE) -> None:
    services.change_notices(registrant=registrant, by=registrant.user, searches=searches, footage=footage)


def delivered(kind: MessageKind) -> list[str]:
    """Send the mails of a kind and return their texts."""
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        for message in Message.objects.filter(kind=kind).exclude(state="sent"):
            assert delivery.deliver(pk=message.pk)
    return [str(letter.body) for letter in mail.outbox]


class TestHowOften:
    @pytest.mark.parametrize(
        ("rhythm", "too_soon", "in_time"),
        [
            (Rhythm.EACH, timedelta(minutes=10), timedelta(minutes=20)),
            (Rhythm.DAILY, timedelta(hours=23), timedelta(hours=25)),
            (Rhythm.WEEKLY, timedelta(days=6), timedelta(days=8)),
        ],
    )
    def test_a_mail_comes_as_chosen_and_once(self, rhythm: str, too_soon: timedelta, in_time: timedelta) -> None:
        registrant = owner()
        chosen(registrant, searches=rhythm)
        draft_of(incident_at())
        assert after(too_soon) == 0
        assert after(in_time) == 1
        assert after(in_time) == 0
        (message,) = Message.objects.filter(kind=MessageKind.LOOKS_DIGEST)
        assert message.to == registrant.user.email
        assert message.subject == registrant.subject

    def test_what_has_not_settled_waits_for_the_next_day(self) -> None:
        registrant = owner()
        chosen(registrant, searches=Rhythm.DAILY)
        NoticeSettings.objects.update(searches_told_until=timezone.now() - timedelta(days=2))
        draft_of(incident_at())
        assert after(timedelta(minutes=5)) == 0
        assert after(timedelta(hours=25)) == 1

    def test_all_are_told_in_one_round_however_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "TOLD_AT_ONCE", 2)
        for _owner in range(4):
            chosen(registrant_at(), searches=Rhythm.DAILY)
        draft_of(incident_at())
        assert after(timedelta(hours=25)) == 4

    def test_a_round_reads_on_where_the_last_one_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "READ_AT_ONCE", 3)
        owner()
        begun = LooksRead.objects.get().last_entry
        for _search in range(4):
            draft_of(incident_at())
        soon = timezone.now() + LOOKS_SETTLE
        entries = [pk for pk, _camera in fresh_entries(after=begun, until=soon)]
        after(timedelta(minutes=20))
        assert LooksRead.objects.get().last_entry == entries[2]

    def test_none_never_comes_and_what_was_is_not_told_afterwards(self) -> None:
        registrant = owner()
        chosen(registrant)
        draft_of(incident_at())
        assert after(timedelta(days=40)) == 0
        with time_machine.travel(timezone.now() + timedelta(days=41)):
            chosen(registrant, searches=Rhythm.WEEKLY)
            assert after(timedelta(days=8)) == 0

    def test_an_owner_who_never_chose_gets_searches_weekly(self) -> None:
        owner()
        draft_of(incident_at())
        assert after(timedelta(minutes=20)) == 0
        assert after(timedelta(days=8)) == 1

    def test_nothing_comes_when_nobody_looked(self) -> None:
        registrant_at()
        assert after(timedelta(days=8)) == 0
        assert not Message.objects.filter(kind=MessageKind.LOOKS_DIGEST).exists()

    def test_an_owner_who_never_chose_hears_of_footage_each_time(self, portal_db: Clone) -> None:
        services.tell_looks()
        deputy = person("deputy")
        file = given(request_at("footage", by=deputy))
        custody.view(evidence=file, by=deputy, reason=REASON)
        assert after(timedelta(minutes=20)) == 1
        assert after(timedelta(minutes=40)) == 0
        (text,) = delivered(MessageKind.FOOTAGE_LOOKED_AT)
        assert f"{deputy.pseudonym} played the footage" in text
        assert file.request.incident.number in text

    def test_its_queries_do_not_grow_with_the_owners(self) -> None:
        services.tell_looks()
        counts = []
        for owners in (3, 9):
            for _owner in range(owners):
                chosen(registrant_at(), searches=Rhythm.DAILY)
            draft_of(incident_at())
            with time_machine.travel(timezone.now() + timedelta(days=2)), CaptureQueriesContext(connection) as queries:
                assert services.tell_looks() >= owners
            counts.append(len(queries))
            NoticeSettings.objects.update(searches_told_until=timezone.now())
        assert counts[0] == counts[1]


class TestWhatItSays:
    def _text(self, registrant: Registrant) -> str:
        assert after(timedelta(days=8)) == 1
        (text,) = delivered(MessageKind.LOOKS_DIGEST)
        return text

    def test_pseudonym_incident_and_how_often_and_no_name(self) -> None:
        registrant = owner()
        canvass = draft_of(incident_at())
        deputy = canvass.created_by
        for _again in range(3):
            canvasses.show(canvass=canvass, by=deputy)
        text = self._text(registrant)
        assert f"- {deputy.pseudonym} searched the area" in text
        assert f"incident {canvass.incident.number}" in text
        assert "3 times since" in text
        for untold in (deputy.name, deputy.email, REASON, canvass.incident.place):
            assert untold not in text

    def test_it_is_in_the_owners_language(self) -> None:
        registrant = owner("es")
        draft_of(incident_at())
        text = self._text(registrant)
        assert "incidente" in text
        assert "incident " not in text

    def test_what_is_delayed_is_there_only_by_number_and_day(self) -> None:
        registrant = owner()
        case = case_of(registrant)
        delayed(case)
        text = self._text(registrant)
        opens = date_format(timezone.localtime(LookDelay.objects.get().ends_at), "DATE_FORMAT")
        assert f"3 entries open on {opens}" in text
        assert "0 of 3 entries can be checked now. 3 open later." in text
        assert "The log has new entries about your cameras." in text
        assert "searched" not in text
        for untold in (case.incident.number, case.supervisor.pseudonym, case.canvass.created_by.pseudonym):
            assert untold not in text

    def test_a_delay_that_is_placed_after_the_mail_was_written_holds_as_well(self) -> None:
        registrant = owner()
        case = case_of(registrant)
        assert after(timedelta(days=8)) == 1
        delayed(case)
        (text,) = delivered(MessageKind.LOOKS_DIGEST)
        assert case.incident.number not in text
        assert case.canvass.created_by.pseudonym not in text

    def test_each_time_waits_long_enough_for_a_delay(self) -> None:
        registrant = owner()
        chosen(registrant, searches=Rhythm.EACH)
        case = case_of(registrant)
        assert after(timedelta(minutes=5)) == 0
        delayed(case)
        assert after(timedelta(minutes=25)) == 1
        assert case.incident.number not in delivered(MessageKind.LOOKS_DIGEST)[0]

    @pytest.mark.parametrize(("lines", "more"), [(2, True), (3, False)])
    def test_a_long_list_ends_with_the_page(self, lines: int, more: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("registry.access_log.selectors.DIGEST_LINES", lines)
        registrant = owner()
        for _again in range(3):
            draft_of(incident_at())
        text = self._text(registrant)
        assert text.count("- Deputy") == lines
        assert ("The list on the portal has more." in text) is more

    def test_it_can_be_stopped_by_the_mail_program(self) -> None:
        registrant = owner()
        draft_of(incident_at())
        self._text(registrant)
        (letter,) = mail.outbox
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = re.fullmatch(r"<https?://[^/]+(/.*)>", letter.extra_headers["List-Unsubscribe"])
        assert address
        strict = Client(enforce_csrf_checks=True)
        assert strict.get(address[1]).status_code == 200
        assert NoticeSettings.objects.get(registrant=registrant).searches == Rhythm.WEEKLY
        assert strict.post(address[1], {"List-Unsubscribe": "One-Click"}).status_code == 200
        settings = NoticeSettings.objects.get(registrant=registrant)
        assert (settings.searches, settings.footage) == (Rhythm.NONE, Rhythm.EACH)
        strict.post(address[1])
        (entry,) = entries_of(Event.NOTICES_CHANGED, registrant)
        assert entry.actor_kind == "link"


class TestThePage:
    def test_it_shows_what_everyone_begins_with_and_saves_what_is_chosen(self) -> None:
        registrant = registrant_at()
        browser, address = sign_in(registrant.user), reverse("notices")
        page = browser.get(address).content.decode()
        assert 'value="weekly"' in page
        assert not NoticeSettings.objects.exists()
        assert browser.post(address, {"searches": "daily", "footage": "none"}).status_code == 302
        settings = NoticeSettings.objects.get(registrant=registrant)
        assert (settings.searches, settings.footage) == ("daily", "none")
        assert len(entries_of(Event.NOTICES_CHANGED, registrant)) == 1

    def test_a_rhythm_that_is_none_is_refused(self) -> None:
        registrant = registrant_at()
        page = sign_in(registrant.user).post(reverse("notices"), {"searches": "hourly", "footage": "none"})
        assert page.status_code == 200
        assert not NoticeSettings.objects.exists()

    @pytest.mark.parametrize("token", ["x", "x.searches.y"])
    def test_a_link_that_is_none_of_ours_is_not_found(self, token: str) -> None:
        assert Client().post(reverse("notices_stop", args=[token])).status_code == 404

    def test_a_link_of_somebody_who_left_is_not_found(self) -> None:
        registrant = registrant_at()
        address = reverse("notices_stop", args=[stop_token(str(registrant.pk), Channel.FOOTAGE)])
        registrants.leave(registrant=registrant, by=registrant.user)
        assert Client().get(address).status_code == 404


def test_settings_and_waiting_mails_go_with_their_owner() -> None:
    registrant = owner()
    draft_of(incident_at())
    services.copy_looks(registrant=registrant, by=registrant.user)
    assert after(timedelta(days=8)) == 1
    registrants.leave(registrant=registrant, by=registrant.user)
    assert not NoticeSettings.objects.exists()
    assert not Message.objects.filter(kind=MessageKind.LOOKS_DIGEST).exists()
