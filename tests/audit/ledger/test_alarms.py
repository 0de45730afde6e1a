"""An alarm becomes an entry and mails, in one transaction; an auditor settles it with a reason."""

import pytest
from django.core.mail import EmailMessage
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.console.entry import rows_of
from audit.ledger import alarms, services, tasks
from audit.ledger.alarms import AlarmKind
from audit.ledger.models import Alarm, SelfCheck
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from tests.audit.ledger.conftest import as_sealer
from tests.audit.test_every_service import DISK_FULL
from tests.database.clone import Clone
from tests.factories import person

WHAT = "Entry 7 differs from what was sealed."


def raised(kind: AlarmKind = AlarmKind.ENTRY_CHANGED, what: str = WHAT) -> Alarm:
    """Raise an alarm; return it."""
    alarms.raise_alarm(kind=kind, what=what)
    return Alarm.objects.get(kind=kind.value, what=what, settled_at__isnull=True)


@pytest.mark.django_db
class TestItIsToldOnce:
    def test_auditors_and_administrators_get_one_mail_about_all(self) -> None:
        auditor, administrator = person(Role.AUDITOR), person(Role.ADMINISTRATOR)
        for other in (Role.DEPUTY, Role.SUPERVISOR, Role.CLERK, Role.RESIDENT):
            person(other)
        first, _second = raised(), raised(AlarmKind.DISK, "The disk of / has less than 1 GB left, or is gone.")
        assert tasks.tell_alarms() == 2
        mails = Message.objects.filter(kind="ledger_alarm")
        assert {mail.to for mail in mails} == {auditor.email, administrator.email}
        assert {mail.context["kinds"] for mail in mails} == {"entry-changed disk"}
        assert {mail.subject for mail in mails} == {first.subject}

    @pytest.mark.parametrize(
        ("role", "opens", "language", "said"),
        [
            (Role.AUDITOR, True, "en", "An entry of the log was changed"),
            (Role.AUDITOR, True, "es", "Se modificó una anotación del registro"),
            (Role.ADMINISTRATOR, False, "en", "Tell the people who run the portal"),
            (Role.ADMINISTRATOR, False, "es", "Avise hoy mismo"),
        ],
    )
    def test_the_mail_says_what_to_do_and_names_nobody(
        self, role: Role, opens: bool, language: str, said: str, mailoutbox: list[EmailMessage]
    ) -> None:
        User.objects.filter(pk=person(role).pk).update(language=language)
        raised()
        services.tell_alarms()
        assert delivery.deliver(pk=Message.objects.get(kind="ledger_alarm").pk)
        body = str(mailoutbox[0].body)
        assert said in body
        assert ("/console/audit/alarms/" in body) is opens
        assert WHAT not in body

    def test_an_account_that_is_disabled_gets_none(self) -> None:
        gone = person(Role.AUDITOR)
        User.objects.filter(pk=gone.pk).update(is_active=False, disabled_at=timezone.now())
        raised()
        assert services.tell_alarms() == 1
        assert not Message.objects.exists()

    def test_each_leaves_one_entry(self) -> None:
        alarm = raised()
        assert (services.tell_alarms(), services.tell_alarms()) == (1, 0)
        entry = AuditEntry.objects.get(event=Event.LEDGER_ALARM)
        assert entry.facts == {"kind": "entry-changed", "what": WHAT}
        assert (entry.subject_kind, entry.subject_id) == ("alarm", str(alarm.pk))

    def test_one_that_passed_meanwhile_is_told_too(self) -> None:
        person(Role.AUDITOR)
        raised(AlarmKind.WITNESS_SILENT, "away")
        alarms.clear(kind=AlarmKind.WITNESS_SILENT, by="ledger.seal")
        assert services.tell_alarms() == 1
        assert Message.objects.count() == 1

    def test_an_open_one_stands_for_all_of_the_same_words(self) -> None:
        raised()
        raised()
        raised(what="Entry 8 differs from what was sealed.")
        assert Alarm.objects.count() == 2
        alarms.clear(kind=AlarmKind.ENTRY_CHANGED, what=WHAT, by="x")
        raised()
        assert Alarm.objects.count() == 3

    def test_each_kind_has_words(self) -> None:
        assert all(str(kind.sentence) and str(kind.to_do) for kind in AlarmKind)


@pytest.mark.django_db(transaction=True)
def test_without_room_for_its_entry_nobody_is_told_and_it_waits(portal_db: Clone) -> None:
    person(Role.AUDITOR)
    raised()
    with portal_db.connect() as superuser:
        superuser.execute(DISK_FULL)
    with pytest.raises(DatabaseError, match="no room"):
        services.tell_alarms()
    assert not Message.objects.exists()
    with portal_db.connect() as superuser:
        superuser.execute("DROP TRIGGER a_no_room ON audit_entry")
    assert services.tell_alarms() == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_sealer_raises_one_without_web_and_worker(portal_db: Clone) -> None:
    with as_sealer(portal_db):
        alarms.raise_alarm(kind=AlarmKind.TREE_BROKEN, what="broken")
        alarms.raise_alarm(kind=AlarmKind.TREE_BROKEN, what="broken")
    assert Alarm.objects.get().recorded_at is None
    assert services.tell_alarms() == 1


@pytest.mark.django_db
class TestSettling:
    def test_it_takes_a_reason_that_stands_in_the_log(self) -> None:
        alarm, auditor = raised(), person(Role.AUDITOR)
        services.settle_alarm(alarm=alarm.pk, by=auditor.actor, reason="The operator restored a backup on Monday.")
        alarm.refresh_from_db()
        assert (alarm.settled_at is not None, alarm.settled_by) == (True, str(auditor.pk))
        entry = AuditEntry.objects.get(event=Event.ALARM_SETTLED)
        assert (entry.actor_id, entry.subject_id) == (str(auditor.pk), str(alarm.pk))
        assert rows_of([entry])[0]["reason"] == "The operator restored a backup on Monday."

    def test_not_twice_not_without_a_reason_and_not_one_that_is_not_there(self) -> None:
        alarm, by = raised(), person(Role.AUDITOR).actor
        with pytest.raises(Refused):
            services.settle_alarm(alarm=alarm.pk, by=by, reason="  ")
        with pytest.raises(NotYours):
            services.settle_alarm(alarm=alarm.pk + 1, by=by, reason="none")
        services.settle_alarm(alarm=alarm.pk, by=by, reason="found")
        with pytest.raises(Stale):
            services.settle_alarm(alarm=alarm.pk, by=by, reason="again")
        assert AuditEntry.objects.filter(event=Event.ALARM_SETTLED).count() == 1


@pytest.mark.django_db
class TestThePage:
    def test_it_says_what_was_found_and_what_to_do(self, auditor_client: Client) -> None:
        alarm = raised()
        page = auditor_client.get(reverse("audit_alarms")).content.decode()
        assert WHAT in page
        assert "Treat it as evidence" in page
        assert reverse("audit_alarm", args=[alarm.pk]) in page
        assert reverse("audit_alarms") in auditor_client.get(reverse("audit")).content.decode()

    def test_it_says_which_check_ran_when_and_what_each_finds(self, auditor_client: Client) -> None:
        def said() -> str:
            page = auditor_client.get(reverse("audit_alarms")).content.decode()
            return " ".join(page.split())

        assert "of an older one by the end of the next night. </p> <p> The first check has not run yet. </p>" in said()
        tasks.check_ledger()
        assert "The last check of the whole log began" in said()
        assert "and found 0 things. </p>" in said()
        SelfCheck.objects.create(started_at=timezone.now(), ended_at=None, findings=1, is_whole=True)
        assert "is under way; it has found 1 thing so far." in said()

    def test_an_auditor_settles_there(self, auditor_client: Client) -> None:
        address = reverse("audit_alarm", args=[raised().pk])
        assert "Fill in “" in auditor_client.post(address, {"reason": ""}).content.decode()
        page = auditor_client.post(address, {"reason": "Looked into."}, follow=True).content.decode()
        assert "Settled." in page
        assert "No alarm is open" in page
        assert "settled by an auditor" in page
        assert auditor_client.post(address, {"reason": "Again."}).status_code == 409
        assert "settled already" in auditor_client.get(address).content.decode()

    def test_it_waits_on_the_first_page_of_the_console_for_auditors_alone(
        self, auditor_client: Client, deputy_client: Client
    ) -> None:
        raised()
        assert "An entry of the log was changed" in auditor_client.get(reverse("console")).content.decode()
        assert "An entry of the log was changed" not in deputy_client.get(reverse("console")).content.decode()

    def test_one_that_passed_by_itself_says_so(self, auditor_client: Client) -> None:
        raised(AlarmKind.WITNESS_SILENT, "The witness w does not sign.")
        alarms.clear(kind=AlarmKind.WITNESS_SILENT, by="ledger.seal")
        assert "over since" in auditor_client.get(reverse("audit_alarms")).content.decode()
