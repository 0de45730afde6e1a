"""Changed words are announced to everybody who relies on the old ones, in both languages, before they take effect."""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal import promises
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency import services
from fusus_portal.ground.agency.models import PROMISES, WORDS_NOTICE, Announcement, Document
from fusus_portal.ground.agency.selectors import in_force, number_in_force, sharing_terms
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.promises import PROMISES as TABLE
from integration.sharing import services as sharing
from integration.sharing.policies import GLASS_TERMS, OLDER_WORDS
from tests.agency.earlier_words import (
    before_anybody_was_told,
    before_there_was_a_second,
    days_go_by,
    signed_under_the_first_words,
)
from tests.database.clone import Clone
from tests.factories import person, registrant_at
from tests.integration.cores.devices import business_at
from tests.integration.sharing.consent import signed
from tests.registry.entries import entries_of

ENGLISH, SPANISH = "More words. " * 30, "Más palabras. " * 30


def publish(kind: str = "privacy", number: int = 2) -> Document:
    by = person(Role.ADMINISTRATOR)
    return services.publish_document(by=by, kind=kind, number=number, text_en=ENGLISH, text_es=SPANISH)


def told() -> list[str]:
    return sorted(Message.objects.filter(kind=MessageKind.WORDS_CHANGE).values_list("to", flat=True))


@pytest.mark.django_db
class TestDocuments:
    """A version of a document holds two weeks after the mail about it, at the beginning of a day."""

    def test_people_who_relied_are_told_and_the_old_words_hold_until_the_day(self, resident: User) -> None:
        registrant_at(user=resident)
        now = datetime(2026, 12, 1, 15, tzinfo=timezone.get_default_timezone())
        with time_machine.travel(now, tick=False) as clock:
            new = publish()
            [made] = Announcement.objects.filter(name="privacy", number=2)
            assert made.holds_from == datetime(2026, 12, 16, tzinfo=timezone.get_default_timezone())
            assert told() == [resident.email]
            clock.move_to(made.holds_from - timedelta(seconds=1))
            assert new not in in_force()
            clock.move_to(made.holds_from)
            assert new in in_force()
        [entry] = entries_of(Event.WORDS_ANNOUNCED)
        assert (entry.facts["name"], entry.facts["number"], entry.facts["told"]) == ("privacy", 2, 1)

    def test_it_holds_at_once_where_nobody_relied_on_the_one_before(self) -> None:
        assert publish() in in_force()
        assert told() == []

    def test_only_those_who_signed_are_told_of_the_agreement(self, resident: User) -> None:
        registrant_at(user=resident)
        business, gone = business_at(), business_at()
        signed(business)
        sharing.revoke_agreement(agreement=signed(gone), by=gone.user)
        publish("sharing", 3)
        assert told() == [business.user.email]

    def test_everyone_reads_what_comes_and_what_holds(self, resident: User, visitor_client: Client) -> None:
        registrant_at(user=resident)
        publish()
        assert "More words" not in visitor_client.get(reverse("privacy")).text
        coming = visitor_client.get(reverse("privacy_version", args=[2])).text
        assert "This version does not hold yet." in coming
        assert "More words" in coming

    def test_what_somebody_reads_who_signs_older_words_is_one_sentence(self) -> None:
        business = business_at()
        read = sharing_terms().pk
        publish("sharing", 3)
        with pytest.raises(Stale, match="A newer version has come into force since you opened this page"):
            sharing.sign_agreement(registrant=business, by=business.user, document=read, signer="Rosa", title="Owner")

    @pytest.mark.parametrize("change", ["update", "delete", "sooner"])
    def test_the_database_keeps_an_announcement_and_its_two_weeks(self, change: str) -> None:
        made, now = Announcement.objects.filter(name="sharing"), timezone.now()
        soon = {"announced_at": now, "holds_from": now + WORDS_NOTICE - timedelta(seconds=1)}
        acts: dict[str, Callable[[], object]] = {
            "update": lambda: made.update(holds_from=now),
            "delete": made.delete,
            "sooner": lambda: Announcement.objects.create(name="terms", number=2, told=1, **soon),
        }
        with pytest.raises(DatabaseError), transaction.atomic():
            acts[change]()


def test_an_older_portal_announces_what_came_with_the_new_one(portal_db: Clone, visitor_client: Client) -> None:
    home, business = registrant_at(), business_at()
    signed_under_the_first_words(signed(business))
    before_anybody_was_told(portal_db)
    assert sharing_terms().number == 1
    assert services.announce_due_versions() == 2
    assert services.announce_due_versions() == 0
    agreement, *promised = sorted(
        Message.objects.filter(kind=MessageKind.WORDS_CHANGE), key=lambda message: message.context != agreement_made()
    )
    assert agreement.to == business.user.email
    assert {each.to for each in promised} == {home.user.email, business.user.email}
    said = kind_of(MessageKind.WORDS_CHANGE).build(agreement.context)
    assert {str(GLASS_TERMS), str(OLDER_WORDS)} <= set(said["lines"])  # type: ignore[call-overload]
    assert "has checked it" in " ".join(kind_of(MessageKind.WORDS_CHANGE).build(promised[0].context)["lines"])  # type: ignore[arg-type]
    assert (sharing_terms().number, number_in_force(PROMISES)) == (1, 1)
    assert answer_of("B4", visitor_client).count("The one exception is broken glass") == 1
    assert "From " in answer_of("B4", visitor_client)
    days_go_by(portal_db, WORDS_NOTICE + timedelta(days=1))
    assert (sharing_terms().number, number_in_force(PROMISES)) == (2, 2)
    assert "Since " in answer_of("B4", visitor_client)


class TestUpdate:
    """The migration that brings the second agreement: to a new portal, to one that is used, to an office's own text."""

    @pytest.fixture(autouse=True)
    def _first_words(self, portal_db: Clone) -> None:
        before_there_was_a_second(portal_db)

    def update(self) -> list[tuple[str, int]]:
        """Run the migration; return the second versions that are in force, by name and number."""
        editor: Any = SimpleNamespace(connection=connection)
        import_module("fusus_portal.ground.agency.migrations.0004_announcements").name_glass(apps, editor)
        return list(Announcement.objects.filter(number=2).order_by("-name").values_list("name", "number"))

    def test_where_nobody_registered_the_new_words_hold(self) -> None:
        assert self.update() == [("sharing", 2), ("promises", 2)]
        assert sharing_terms().names_glass

    def test_where_somebody_did_they_wait_for_the_mail(self) -> None:
        registrant_at()
        assert self.update() == []
        assert Document.objects.get(kind="sharing", number=2).names_glass
        assert not sharing_terms().names_glass

    def test_an_offices_own_text_stays(self) -> None:
        own = publish("sharing")
        assert self.update() == [("sharing", 2), ("promises", 2)]
        assert sharing_terms() == own
        assert not own.names_glass


def agreement_made() -> dict[str, str]:
    return {"announcement": str(Announcement.objects.get(name="sharing", number=2).pk)}


def answer_of(key: str, client: Client) -> str:
    page = client.get(reverse("faq")).text
    return page[page.index(f'<div id="{key}">') :].partition("</details>")[0]


def test_a_changed_promise_keeps_its_words_of_before() -> None:
    assert {promise.key for promise in promises.changed_with(promises.NUMBER)} == {"B4", "I2"}
    for promise in TABLE:
        assert 1 <= promise.since <= promises.NUMBER
        assert bool(promise.before) == (promise.since > 1)
        assert promise.answered(promise.since - 1) == promise.before
        assert promise.answered(promises.NUMBER) == promise.answer
