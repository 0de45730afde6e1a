"""People who may act are told when work begins to wait, and again before its end: once each, and nobody else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import role_changes
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import outbox
from fusus_portal.ground.worklist import services
from fusus_portal.ground.worklist.models import WorkNotice
from fusus_portal.ground.worklist.sources import Source, sources
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.rules import JOIN_QUESTION_LIFE, UNVERIFIED_LIFE
from tests.factories import incident_at, person
from tests.lifecycle.drivers.joins import asked, colleague

pytestmark = pytest.mark.django_db

REASON = "She works on the night shift now."


def mails() -> list[str]:
    """Return to whom it was written, a mail each, sorted."""
    return sorted(Message.objects.filter(kind=MessageKind.WORK_WAITS).values_list("to", flat=True))


def lines(message: Message) -> list[dict[str, object]]:
    found = kind_of(MessageKind.WORK_WAITS).build(message.context)["lines"]
    assert isinstance(found, list)
    return found


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def changed(kind: str, account: User, **more: str) -> None:
    change = role_changes.propose(kind=kind, account=account, reason=REASON, by=person("administrator"), **more)
    role_changes.approve(change=change, by=person("administrator"))


class TestAnUnverifiedIncident:
    def test_supervisors_are_told_at_once_and_once_but_not_who_opened_it(self, supervisor: User, deputy: User) -> None:
        opener = person("supervisor")
        incident_at(verified=False, by=opener)
        assert services.tell() == 1
        assert services.tell() == 0
        assert mails() == [supervisor.email]

    def test_they_are_told_again_three_hours_before_it_closes(self, supervisor: User) -> None:
        incident = incident_at(verified=False)
        services.tell()
        closes = incident.opened_at + UNVERIFIED_LIFE
        with at(closes - timedelta(hours=3, minutes=1)):
            assert services.tell() == 0
        with at(closes - timedelta(hours=3)):
            assert services.tell() == 1
            assert services.tell() == 0
        with at(closes - timedelta(minutes=1)):
            assert services.tell() == 0
        assert mails() == [supervisor.email] * 2

    def test_nobody_is_told_of_it_when_it_is_verified_or_too_late(self, supervisor: User) -> None:
        verified, late = incident_at(verified=False), incident_at(verified=False)
        incidents.verify(incident=verified, by=supervisor)
        with at(late.opened_at + UNVERIFIED_LIFE):
            assert services.tell() == 0

    def test_one_that_must_be_verified_again_is_told_again(self, supervisor: User) -> None:
        incident = incident_at(verified=False)
        services.tell()
        incidents.verify(incident=incident, by=supervisor)
        opener = incident.opened_by
        with at(timezone.now() + timedelta(hours=1)):
            incidents.change(
                incident=incident,
                by=opener,
                type=incident.type,
                place="Kelly Ingram Park",
                point=incident.point,
                starts_at=incident.starts_at,
                ends_at=incident.ends_at,
            )
            assert services.tell() == 1

    def test_a_clock_that_jumps_ahead_and_back_doubles_nothing(self, supervisor: User) -> None:
        incident = incident_at(verified=False)
        closes = incident.opened_at + UNVERIFIED_LIFE
        services.tell()
        with at(closes - timedelta(hours=1)):
            services.tell()
        services.tell()
        with at(closes - timedelta(hours=2)):
            services.tell()
        assert mails() == [supervisor.email] * 2

    def test_the_mail_says_until_when_and_neither_number_nor_place_nor_person(self, supervisor: User) -> None:
        incident = incident_at(verified=False)
        services.tell()
        message = Message.objects.get(kind=MessageKind.WORK_WAITS)
        due = timezone.localtime(incident.opened_at + UNVERIFIED_LIFE)
        assert lines(message) == [{"text": "An incident waits to be verified.", "due": due}]
        stored = str(message.context)
        assert not [word for word in (incident.number, str(incident.pk), "Linn Park") if word in stored]

    def test_many_are_one_mail(self, supervisor: User) -> None:
        first = incident_at(verified=False)
        Incident.objects.filter(pk=first.pk).update(opened_at=timezone.now() - timedelta(hours=4))
        incident_at(verified=False)
        assert services.tell() == 1
        [line] = lines(Message.objects.get(kind=MessageKind.WORK_WAITS))
        first.refresh_from_db()
        assert line == {
            "text": "2 incidents wait to be verified.",
            "due": timezone.localtime(first.opened_at + UNVERIFIED_LIFE),
        }


class TestWhoMayNotAct:
    def test_somebody_suspended_or_of_another_role_is_not_told(self) -> None:
        gone, moved = person("supervisor"), person("supervisor")
        incident_at(verified=False)
        changed("disable", gone)
        changed("change_role", moved, role="clerk")
        services.tell()
        assert not {gone.email, moved.email} & set(mails())

    def test_what_was_not_sent_yet_is_withdrawn_from_a_person_who_is_suspended(self, supervisor: User) -> None:
        incident_at(verified=False)
        services.tell()
        assert mails() == [supervisor.email]
        changed("disable", supervisor)
        assert mails() == []

    def test_somebody_suspended_between_two_looks_is_not_told(
        self, supervisor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        incident_at(verified=False)
        chosen = services._people

        def then_suspended(found: list[Source]) -> object:
            people = chosen(found)
            changed("disable", supervisor)
            return people

        monkeypatch.setattr(services, "_people", then_suspended)
        assert services.tell() == 0
        assert mails() == []


class TestOthers:
    def test_of_a_question_to_join_those_hear_who_may_answer(self, deputy: User) -> None:
        question = asked(by=deputy)
        by, stranger = colleague("deputy", question), person("deputy")
        services.tell()
        assert by.email in mails()
        assert not {deputy.email, stranger.email} & set(mails())
        with at(question.asked_at + JOIN_QUESTION_LIFE - timedelta(hours=1)):
            services.tell()
        assert mails().count(by.email) == 2

    def test_of_a_change_to_an_account_the_other_administrators_hear(self, administrator: User, deputy: User) -> None:
        other, third = person("administrator"), person("administrator")
        change = role_changes.propose(kind="disable", account=third, reason=REASON, by=administrator)
        services.tell()
        assert mails() == [other.email]
        with at(change.expires_at - timedelta(days=1)):
            services.tell()
        assert mails() == [other.email] * 2


class TestOnce:
    def test_a_kill_between_two_people_doubles_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        people = [person("supervisor"), person("supervisor")]
        incident_at(verified=False)
        send = outbox.send
        sent: list[object] = []

        def killed(**letter: object) -> object:
            if sent:
                raise KeyboardInterrupt
            sent.append(letter["to"])
            return send(**letter)  # type: ignore[arg-type]

        monkeypatch.setattr(outbox, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            services.tell()
        assert (len(mails()), WorkNotice.objects.count()) == (1, 1)
        monkeypatch.setattr(outbox, "send", send)
        assert services.tell() == 1
        assert mails() == sorted(each.email for each in people)

    def test_a_notice_is_kept_for_longer_than_anything_waits(self, supervisor: User) -> None:
        incident_at(verified=False)
        services.tell()
        assert services.forget() == 0
        with at(timezone.now() + services.KEPT + timedelta(days=1)):
            assert services.forget() == 1

    def test_a_quiet_round_asks_one_thing_of_each_source(self) -> None:
        for _more in range(5):
            person("supervisor")
        asked_first = [source for source in sources if source.telling]
        with CaptureQueriesContext(connection) as queries:
            assert services.tell() == 0
        assert len(queries) <= len(asked_first)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_mail() -> None:
    supervisor = person("supervisor")
    incident_at(verified=False)
    assert sorted(_at_once(services.tell, 4)) == [0, 0, 0, 1]
    assert mails() == [supervisor.email]


@pytest.mark.parametrize("source", [each for each in sources if each.telling], ids=lambda each: each.name)
def test_each_kind_has_words_for_one_and_for_many_in_both_languages(source: Source) -> None:
    assert source.telling is not None
    said = set()
    for language in ("en", "es"):
        with translation.override(language):
            said |= {source.telling.words % {"number": number} for number in (1, 3)}
    assert len(said) == 4
    assert all(sentence.endswith(".") for sentence in said)


def _at_once(act: Callable[[], int], times: int) -> list[int]:
    def closing(_number: int) -> int:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(closing, range(times)))
