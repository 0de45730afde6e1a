"""Footage is deleted on its day, announced, unless a hold stops it; a tombstone stays, whatever died in between."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection

from audit.log.actors import Source, acting_from
from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from registry.footage import storage, tasks
from registry.footage.models import Evidence, Giver, LegalHold, RetentionCategory
from registry.footage.services import custody, retention
from registry.people.services import registrants
from registry.rules import LONGEST_KEPT_DAYS
from tests.factories import REASON, person, registrant_at, request_at
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given
from tests.registry.footage.keeping import LONG_AGO, PICTURE, announced, back_then, deleted, ended, fresh, old_footage

pytestmark = pytest.mark.django_db
COURT = "The court released all of it in May"


def files_on_disk(root: Path) -> set[Path]:
    return {path for path in (root / "evidence").rglob("*") if path.is_file()}


def kinds() -> list[str]:
    return list(Message.objects.order_by("queued_at").values_list("kind", flat=True))


class TestInTime:
    def test_what_is_kept_is_neither_announced_nor_deleted(self) -> None:
        file = given(request_at("sent"), content=PICTURE, name="porch.jpg")
        assert tasks.delete_footage() == 0
        assert fresh(file).state == "kept"
        assert fresh(file).announced_at is None

    def test_it_is_announced_before_it_is_deleted_however_late(self) -> None:
        file = old_footage()
        assert tasks.delete_footage() == 0
        file = fresh(file)
        assert (file.state, file.announced_at is None) == ("kept", False)
        assert file.deletes_at is not None
        assert file.deletes_at > file.kept_until
        assert tasks.delete_footage() == 0

    def test_its_giver_reads_when_and_then_that(self) -> None:
        file = old_footage(registrant=registrant_at(language="es"))
        Message.objects.all().delete()
        with back_then(LONG_AGO / 40):
            assert retention.announce_deletions() == 1
        assert kinds() == [MessageKind.FOOTAGE_ENDING]
        assert retention.begin_deletions() == 1
        assert retention.finish_deletion(evidence=file.pk)
        assert kinds() == [MessageKind.FOOTAGE_ENDING, MessageKind.FOOTAGE_DELETED]
        for message in Message.objects.all():
            delivery.deliver(pk=message.pk)

    def test_one_message_tells_of_all_files_of_a_reply(self) -> None:
        registrant = registrant_at()
        with back_then():
            request = request_at("sent", registrant=registrant)
            pair = [given(request, content=PICTURE, name=name) for name in ("a.jpg", "b.jpg")]
        Message.objects.all().delete()
        announced(pair[0])
        retention.begin_deletions()
        for file in pair:
            retention.finish_deletion(evidence=file.pk)
        assert sorted(kinds()) == [MessageKind.FOOTAGE_DELETED, MessageKind.FOOTAGE_ENDING]
        told = Message.objects.get(kind=MessageKind.FOOTAGE_DELETED)
        assert set(str(told.context["files"]).split()) == {str(file.pk) for file in pair}


class TestTheTombstone:
    def test_numbers_stay_and_file_name_and_place_go(self, uploads_root: Path) -> None:
        before = files_on_disk(uploads_root)
        file = old_footage(name="quokka7 porch.jpg")
        known = (file.number, file.size, file.sha256, file.received_at)
        assert len(files_on_disk(uploads_root) - before) == 1
        stone = deleted(file)
        assert (stone.number, stone.size, stone.sha256, stone.received_at) == known
        assert (stone.state, stone.name, stone.upload.name) == ("deleted", "", "")
        assert files_on_disk(uploads_root) == before
        entry = entries_of(Event.EVIDENCE_DELETED, stone)[0]
        assert entry.facts == {"number": file.number, "bytes": file.size, "sha256": file.sha256}
        assert entry.camera_id == str(stone.request.cameras.get().camera_id)

    def test_with_the_last_file_goes_who_gave_it_after_leaving(self) -> None:
        registrant = registrant_at()
        with back_then():
            request = request_at("sent", registrant=registrant)
            pair = [given(request, content=PICTURE, name=name) for name in ("a.jpg", "b.jpg")]
        registrants.leave(registrant=registrant, by=registrant.user)
        announced(pair[0])
        retention.begin_deletions()
        retention.finish_deletion(evidence=pair[0].pk)
        assert Giver.objects.count() == 1
        retention.finish_deletion(evidence=pair[1].pk)
        assert not Giver.objects.exists()
        assert MessageKind.FOOTAGE_DELETED not in kinds()

    def test_leaving_with_tombstones_alone_keeps_no_name(self) -> None:
        registrant = registrant_at()
        deleted(old_footage(registrant=registrant))
        held = registrants.leave(registrant=registrant, by=registrant.user)
        assert (held.files, held.days) == (0, ())
        assert not Giver.objects.exists()


class TestAfterACrash:
    def test_a_file_that_went_without_its_tombstone_gets_it(
        self, monkeypatch: pytest.MonkeyPatch, uploads_root: Path
    ) -> None:
        before = files_on_disk(uploads_root)
        file = ended()
        monkeypatch.setattr(retention, "record_many", _die)
        with pytest.raises(RuntimeError):
            retention.finish_deletion(evidence=file.pk)
        assert fresh(file).state == "deleting"
        assert files_on_disk(uploads_root) == before
        monkeypatch.undo()
        assert tasks.delete_footage() == 1
        assert fresh(file).state == "deleted"

    def test_a_file_that_could_not_be_deleted_is_tried_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        file = ended()
        monkeypatch.setattr(storage, "delete", _die)
        with pytest.raises(RuntimeError):
            retention.finish_deletion(evidence=file.pk)
        assert fresh(file).state == "deleting"
        monkeypatch.undo()
        assert tasks.delete_footage() == 1

    def test_doing_it_twice_has_one_effect(self) -> None:
        file = deleted()
        assert not retention.finish_deletion(evidence=file.pk)
        assert len(entries_of(Event.EVIDENCE_DELETED, file)) == 1


class TestAHold:
    @pytest.mark.parametrize("whole", [True, False])
    def test_it_stops_deletion_until_it_is_lifted_and_that_is_announced_anew(self, whole: bool) -> None:
        file, by = announced(), person(Role.SUPERVISOR)
        incident = file.request.incident
        hold = retention.place_hold(incident=incident, evidence=None if whole else file, reason=REASON, by=by)
        assert tasks.delete_footage() == 0
        assert (fresh(file).state, fresh(file).announced_at) == ("kept", None)
        retention.lift_hold(hold=hold, reason=COURT, by=by)
        assert tasks.delete_footage() == 0
        assert fresh(file).announced_at is not None
        assert deleted(file).state == "kept"  # two weeks have not passed since it was lifted

    def test_on_one_file_it_keeps_no_other(self) -> None:
        with back_then():
            request = request_at("sent")
            one, other = (given(request, content=PICTURE, name=name) for name in ("a.jpg", "b.jpg"))
        retention.place_hold(incident=request.incident, evidence=one, reason=REASON, by=person(Role.SUPERVISOR))
        announced(other)
        assert tasks.delete_footage() == 1
        assert (fresh(one).state, fresh(other).state) == ("kept", "deleted")

    def test_the_same_twice_is_one(self) -> None:
        file, by = old_footage(), person(Role.SUPERVISOR)
        for _time in range(2):
            retention.place_hold(incident=file.request.incident, evidence=file, reason=REASON, by=by)
        assert LegalHold.objects.count() == 1

    def test_only_a_supervisor_places_and_lifts_it(self) -> None:
        file = old_footage()
        hold = retention.place_hold(incident=file.request.incident, reason=REASON, by=person(Role.SUPERVISOR))
        for role in (Role.DEPUTY, Role.ADMINISTRATOR, Role.AUDITOR):
            with pytest.raises(Refused, match="Supervisors"):
                retention.place_hold(incident=file.request.incident, reason=REASON, by=person(role))
            with pytest.raises(Refused, match="Supervisors"):
                retention.lift_hold(hold=hold, reason=COURT, by=person(role))

    def test_it_wants_a_reason_and_is_lifted_once(self) -> None:
        file, by = old_footage(), person(Role.SUPERVISOR)
        with pytest.raises(ValidationError):
            retention.place_hold(incident=file.request.incident, reason="test", by=by)
        hold = retention.place_hold(incident=file.request.incident, reason=REASON, by=by)
        retention.lift_hold(hold=hold, reason=COURT, by=by)
        with pytest.raises(Stale):
            retention.lift_hold(hold=hold, reason=COURT, by=by)

    def test_what_is_gone_can_not_be_held(self) -> None:
        file = deleted()
        with pytest.raises(Stale, match="was deleted"):
            retention.place_hold(
                incident=file.request.incident, evidence=file, reason=REASON, by=person(Role.SUPERVISOR)
            )


class TestHowLong:
    def test_the_type_of_the_incident_decides_and_the_longest_wins(self) -> None:
        file = given(request_at("sent"), content=PICTURE, name="porch.jpg")
        longer = RetentionCategory.objects.get(name="Violent crime")
        by = person(Role.SUPERVISOR)
        assert file.category.is_standard
        kept = retention.classify_evidence(evidence=file, category=longer, reason=REASON, by=by)
        assert kept.kept_until - kept.received_at == longer.kept
        incident = file.request.incident
        incident.type.retention = RetentionCategory.objects.get(name__startswith="Homicide")
        incident.type.save()
        shorter = RetentionCategory.objects.get(is_standard=True)
        kept = retention.classify_evidence(evidence=kept, category=shorter, reason=REASON, by=by)
        assert kept.kept_until - kept.received_at == incident.type.retention.kept
        (first, second) = entries_of(Event.EVIDENCE_CLASSIFIED, file)
        assert {first.facts["category"], second.facts["category"]} == {"Violent crime", "Standard"}

    def test_a_longer_category_stops_an_announced_deletion(self) -> None:
        file, longer = announced(), RetentionCategory.objects.get(name="Violent crime")
        retention.classify_evidence(evidence=file, category=longer, reason=REASON, by=person(Role.SUPERVISOR))
        assert tasks.delete_footage() == 0
        assert (fresh(file).state, fresh(file).announced_at) == ("kept", None)

    def test_only_a_supervisor_changes_it(self) -> None:
        file = old_footage()
        with pytest.raises(Refused, match="Supervisors"):
            retention.classify_evidence(
                evidence=file, category=file.category, reason=REASON, by=file.request.incident.opened_by
            )

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("name", {"name": "violent CRIME"}),
            ("days", {"days": 364}),
            ("days", {"days": LONGEST_KEPT_DAYS + 1}),
            ("floor_days", {"floor_days": 364}),
            ("floor_days", {"floor_days": 0}),
        ],
    )
    def test_the_list_refuses(self, field: str, changes: dict[str, object]) -> None:
        wanted: dict[str, object] = {"name": "Standard", "days": 1095, "floor_days": 365} | changes
        standard = RetentionCategory.objects.get(is_standard=True)
        with pytest.raises(ValidationError) as refused:
            retention.change_category(category=standard, by=person(Role.ADMINISTRATOR), **wanted)  # type: ignore[arg-type]
        assert field in refused.value.message_dict

    @pytest.mark.parametrize("days", [365, LONGEST_KEPT_DAYS])
    def test_the_list_takes_the_fewest_and_the_most_days(self, days: int) -> None:
        standard = RetentionCategory.objects.get(is_standard=True)
        by = person(Role.ADMINISTRATOR)
        assert (
            retention.change_category(category=standard, by=by, name="Standard", days=days, floor_days=365).days == days
        )

    def test_the_list_is_the_administrators(self) -> None:
        with pytest.raises(Refused, match="Administrators"):
            retention.add_category(name="Mine", days=1, floor_days=1, by=person(Role.SUPERVISOR))
        assert retention.add_category(name="Mine", days=1, floor_days=1, by=person(Role.ADMINISTRATOR)).days == 1

    def test_a_change_of_the_list_leaves_the_day_of_what_is_here(self) -> None:
        file = old_footage()
        retention.change_category(
            category=file.category, name="Standard", days=2000, floor_days=365, by=person(Role.ADMINISTRATOR)
        )
        assert fresh(file).kept_until == file.kept_until


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [ended, deleted])
def test_nobody_plays_what_is_gone(make: Callable[[], Evidence]) -> None:
    file = make()
    for look in (custody.view, custody.download):
        with pytest.raises(Stale, match="delete"):
            look(evidence=file, by=file.request.incident.opened_by, reason=REASON)
    assert not entries_of(Event.EVIDENCE_VIEWED)


@pytest.mark.django_db(transaction=True)
def test_leave_to_play_ends_when_deletion_begins() -> None:
    file = announced()
    deputy = file.request.incident.opened_by
    with acting_from(Source(sign_in="s-1")):
        ticket = custody.view(evidence=file, by=deputy, reason=REASON)
        assert custody.stream_location(evidence=file, by=deputy, ticket=ticket)
        retention.begin_deletions()
        with pytest.raises(Refused, match="Open it again"):
            custody.stream_location(evidence=file, by=deputy, ticket=ticket)
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_footage_location")


def _die(*arguments: object, **named: object) -> None:
    raise RuntimeError("the process is gone")
