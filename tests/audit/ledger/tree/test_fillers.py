"""Fillers: leaves that stand for no entry. They come at random, each check knows them, and the log has none of them."""

import json
import math
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from audit.ledger import export, keys, sealer
from audit.ledger.checks.runs import check_at_once
from audit.ledger.models import Checkpoint, Leaf
from audit.ledger.receipts import receipt_of
from audit.ledger.tree import leaves
from audit.ledger.tree.leaves import ONE_MORE_FILLER, FillerSchedule, new_fillers as made, number_of_filler
from audit.ledger.tree.tiles import entry_at, index_of
from audit.log.models import AuditEntry
from fusus_portal.settings import ledger as in_production
from tests.audit.ledger.conftest import as_sealer, write_entries
from tests.audit.ledger.earlier import Rounds
from tests.audit.ledger.outsider import Outsider, exported, outsider
from tests.audit.ledger.proofs import head_of
from tests.audit.ledger.tampering import rewrite
from tests.sealed_log import SealedLog

__all__ = ["outsider"]

in_a_database = pytest.mark.django_db(transaction=True)
HOUR = 3600.0


def contents() -> list[bytes]:
    """Return the bytes of each place of the tree."""
    newest = Checkpoint.objects.latest("size")
    return [entry_at(place) for place in range(newest.size)]


@in_a_database
class TestInTheTree:
    def test_they_stand_among_the_entries_by_their_numbers(self, sealed_log: SealedLog) -> None:
        (first,) = write_entries(1)
        with as_sealer(sealed_log.clone):
            between = made(3)
        (last,) = write_entries(1)
        with as_sealer(sealed_log.clone):
            keys.must_be_in_use(sealed_log.signer)
            _edge, taken = sealer.seal_round(sealer.load_edge(), sealed_log.signer, fillers=between)
        assert (taken, index_of(first.pk), index_of(last.pk)) == (2, 0, 4)
        assert [number_of_filler(content) for content in contents()] == [None, *(n for n, _bytes in between), None]
        assert not AuditEntry.objects.filter(pk__in=[number for number, _content in between]).exists()

    def test_one_says_nothing_but_what_an_entry_says_too_and_no_two_are_alike(self, sealed_log: SealedLog) -> None:
        write_entries(1)
        sealed_log.seal(fillers=200)
        entry, *others = [json.loads(content) for content in contents()]
        for said in others:
            assert said == {"event": "audit:filler:add", "id": said["id"], "n": said["n"]}
            assert len(said["n"]) == len(entry["n"])
        assert len({said["n"] for said in others}) == 200

    def test_without_an_entry_to_join_they_wait(self, sealed_log: SealedLog) -> None:
        with as_sealer(sealed_log.clone):
            keys.must_be_in_use(sealed_log.signer)
            edge = sealer.load_edge()
            same, taken = sealer.seal_round(edge, sealed_log.signer, fillers=made(2))
        assert (same is edge, taken, Checkpoint.objects.count()) == (True, 0, 0)
        sealed_log.seal(fillers=2)
        assert Checkpoint.objects.get().size == 2

    def test_an_hour_without_an_act_is_published_too(self, sealed_log: SealedLog) -> None:
        write_entries(1)
        sealed_log.seal_and_publish()
        sealed_log.seal(fillers=5)
        published = sealed_log.publish()
        assert published is not None
        assert published.size == 6

    def test_receipts_of_the_entries_around_them_hold(self, sealed_log: SealedLog) -> None:
        written = write_entries(100)
        sealed_log.seal(fillers=250)
        written += write_entries(100)
        sealed_log.seal_and_publish(fillers=150)
        for entry in (written[0], written[99], written[100], written[199]):
            assert head_of(str(receipt_of(entry.pk)), sealed_log.signer.verifier).size == 600


@in_a_database
class TestTheChecks:
    def test_the_portals_own_finds_nothing_wrong(self, sealed_log: SealedLog) -> None:
        write_entries(100)
        sealed_log.seal(fillers=300)
        write_entries(2)
        sealed_log.seal(fillers=2)
        assert list(check_at_once()) == []

    def test_the_verifier_finds_nothing_wrong_and_names_a_filler_that_was_changed(
        self, sealed_log: SealedLog, outsider: Outsider
    ) -> None:
        write_entries(200)
        sealed_log.seal(fillers=200)
        folder, key = exported(outsider.folder), sealed_log.signer.verifier
        code, lines = outsider.verify(export.VERIFIER, folder, "--key", key)
        assert code == 0
        assert "its 400 places have the root that its key signed" in lines[-1]
        place = next(place for place, content in enumerate(contents()) if number_of_filler(content))
        number = number_of_filler(entry_at(place))
        name = f"tile/entries/{place // 256:03}" + (".p/144" if place >= 256 else "")
        _other_bits(folder / name, f'"id":{number},"n":"'.encode())
        code, lines = outsider.verify(export.VERIFIER, folder, "--key", key)
        assert code == 1
        assert f"the filler {number} (place {place}) is not the one that was sealed" in lines[-1]

    def test_one_in_the_place_of_an_entry_is_found(self, sealed_log: SealedLog) -> None:
        """Somebody with the key and a superuser's rights can't pass an entry off as a filler."""
        written = write_entries(300)
        sealed_log.seal()
        content = leaves.FILLER.format(written[4].pk, "A" * 22 + "==").encode()
        rewrite(sealed_log.clone, 0, {4: content}, tile=True, root=True)
        said = [finding.what for finding in check_at_once()]
        assert any(f"Entry {written[4].pk} is not as it was sealed" in what for what in said)
        assert any("do not have the root that was signed" in what for what in said)

    @pytest.mark.parametrize(
        "content",
        [
            b'{"event":"audit:filler:add","id":%d,"n":"AAAAAAAAAAAAAAAAAAAAAA==","role":"deputy"}',
            b'{"event":"audit:filler:add","id":1%d,"n":"AAAAAAAAAAAAAAAAAAAAAA=="}',
            b'{"event":"audit:filler:add","id":%d,"n":""}',
            b'{"event":"registry:camera:show","id":%d,"n":"AAAAAAAAAAAAAAAAAAAAAA=="}',
        ],
    )
    def test_a_leaf_without_a_row_that_is_no_filler_is_found(self, sealed_log: SealedLog, content: bytes) -> None:
        with as_sealer(sealed_log.clone):
            keys.must_be_in_use(sealed_log.signer)
            ((number, _content),) = made(1)
            sealer.seal_round(
                sealer.load_edge(), sealed_log.signer, fillers=[(number, content % number)], fillers_alone=True
            )
        (finding,) = check_at_once()
        assert finding.what == f"Entry {number} has a place in the tree, and its row is gone from the log."


def _other_bits(file: Path, after: bytes) -> None:
    whole = file.read_bytes()
    place = whole.index(after) + len(after)
    file.write_bytes(whole[:place] + (b"B" if whole[place : place + 1] == b"A" else b"A") + whole[place + 1 :])


@in_a_database
class TestWhoMakesThem:
    def test_the_sealer_draws_numbers_and_writes_no_entry(self, sealed_log: SealedLog) -> None:
        with sealed_log.clone.connect("portal_sealer") as sealing_role:
            sealing_role.execute("SELECT nextval('audit_entry_id_seq')")
            with pytest.raises(Exception, match="permission denied"):
                sealing_role.execute("INSERT INTO audit_entry (event) VALUES ('audit:filler:add')")

    def test_the_application_writes_none_into_the_tree(self, sealed_log: SealedLog) -> None:
        with sealed_log.clone.connect("portal_app") as application, pytest.raises(Exception, match="permission denied"):
            application.execute("INSERT INTO audit_leaf VALUES (0, 1, '')")

    def test_its_process_adds_them_in_the_last_second_of_a_minute(
        self, sealed_log: SealedLog, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.LEDGER_FILLER_SECONDS = 1e-3
        monkeypatch.setattr(sealer, "come_alone", lambda at: False)
        with as_sealer(sealed_log.clone):
            sealer.run_sealer(sealed_log.signer, Rounds(3))
        assert not Leaf.objects.exists()
        monkeypatch.setattr(sealer, "come_alone", lambda at: True)
        with as_sealer(sealed_log.clone):
            sealer.run_sealer(sealed_log.signer, Rounds(3))
        found = [number_of_filler(content) or 0 for content in contents()]
        assert found == sorted(set(found))
        assert found[0] > 0
        assert list(check_at_once()) == []

    def test_those_that_were_sealed_are_not_sealed_again(
        self, sealed_log: SealedLog, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sealer, "come_alone", lambda at: True)
        schedule = FillerSchedule()
        with as_sealer(sealed_log.clone):
            schedule.waiting += made(4)
            keys.must_be_in_use(sealed_log.signer)
            sealer._work(sealed_log.signer, Rounds(4), schedule)
        assert (schedule.waiting, Checkpoint.objects.get().size) == ([], 4)


@in_a_database
def test_numbers_of_transactions_do_not_count_what_is_done(sealed_log: SealedLog) -> None:
    numbers = []
    for _ in range(12):
        with transaction.atomic():
            first, second = write_entries(1)[0], write_entries(1)[0]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT transaction::text::bigint FROM audit_entry WHERE id IN (%s, %s)", [first.pk, second.pk]
            )
            (one,), (other,) = cursor.fetchall()
        assert one == other
        numbers.append(one)
    assert len(set(numbers)) == 12
    assert numbers != sorted(numbers)
    assert all(0 <= number < 2**52 for number in numbers)
    assert min(abs(one - other) for one, other in pairwise(numbers)) > 1_000_000


@pytest.mark.parametrize(("second", "alone"), [(0, False), (58, False), (59, True)])
def test_those_without_an_entry_are_sealed_before_the_minute_and_so_the_hour_is_over(second: int, alone: bool) -> None:
    assert leaves.come_alone(datetime(2026, 11, 27, 13, 59, second, tzinfo=UTC)) is alone


def test_a_number_beyond_the_logs_is_of_no_filler() -> None:
    assert number_of_filler(leaves.FILLER.format("9" * 5_000, "A" * 22 + "==").encode()) is None


class TestHowMany:
    """The numbers of docs/decisions/audit/fillers.md and of the threat model, computed from what the code draws by."""

    def test_a_moment_has_a_geometric_number(self) -> None:
        schedule = FillerSchedule(Random(20261127))  # noqa: S311  (by seed)
        drawn = Counter(schedule.number() for _ in range(20_000))
        for number in range(1, 8):
            expected = 20_000 * (1 - ONE_MORE_FILLER) * ONE_MORE_FILLER ** (number - 1)
            assert abs(drawn[number] - expected) < 4 * math.sqrt(expected)

    def test_an_hour_has_as_many_as_a_compound_poisson_process_has(
        self, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hours = list(simulated(400, settings, monkeypatch))
        moments = HOUR / in_production.LEDGER_FILLER_SECONDS
        mean, variance = moments / (1 - ONE_MORE_FILLER), moments * (1 + ONE_MORE_FILLER) / (1 - ONE_MORE_FILLER) ** 2
        found = sum(hours) / len(hours)
        spread = sum((number - found) ** 2 for number in hours) / len(hours)
        assert abs(found - mean) < 4 * math.sqrt(variance / len(hours))
        assert 0.75 * variance < spread < 1.25 * variance

    def test_moments_do_not_depend_on_what_is_sealed(
        self, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        busy = list(simulated(20, settings, monkeypatch, often=1))
        quiet = list(simulated(20, settings, monkeypatch, often=600))
        assert busy == quiet

    @pytest.mark.parametrize(
        ("seconds", "more", "sure"),
        [(HOUR, 1.05, 0.001), (600.0, 1.12, 0.001), (60.0, 1.32, 0.01), (10.0, 2.0, 0.37), (1.0, 20.1, 0.91)],
        ids=["an hour", "ten minutes", "a minute", "ten seconds", "a second"],
    )
    def test_one_entry_more_in_a_gap_speaks_for_itself_as_little_as_is_said(
        self, seconds: float, more: float, sure: float
    ) -> None:
        """more: what the odds of "one entry" grow by, in 99 of 100 cases. sure: how often nothing at all was done."""
        chances = chances_of(seconds / in_production.LEDGER_FILLER_SECONDS)
        odds = [(before / here, before) for before, here in pairwise(chances)]
        rarely = sum(chance for ratio, chance in odds if ratio > more)
        assert rarely <= 0.01
        assert chances[0] <= sure


def simulated(count: int, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, *, often: int = 60) -> Iterator[int]:
    """Yield how many fillers each of so many hours has, by the production's own numbers and one seed.

    often: seconds between two rounds of the sealer.
    """
    settings.LEDGER_FILLER_SECONDS = in_production.LEDGER_FILLER_SECONDS
    now = [0.0]
    monkeypatch.setattr(leaves, "monotonic", lambda: now[0])
    monkeypatch.setattr(leaves, "new_fillers", lambda number: [(0, b"")] * number)
    schedule = FillerSchedule(Random(7))  # noqa: S311  (by seed)
    for _ in range(count):
        for _round in range(int(HOUR) // often):
            now[0] += often
            schedule.come()
        yield len(schedule.waiting)
        schedule.waiting.clear()


def chances_of(moments: float) -> list[float]:
    """Return the chance of 0, 1, 2 ... fillers in a time that has so many moments on average (Polya-Aeppli)."""
    last = int(moments / (1 - ONE_MORE_FILLER) + 12 * math.sqrt(6 * moments) + 40)
    chances = [math.exp(-moments)]
    for number in range(1, last):
        before = (moments * (1 - ONE_MORE_FILLER) + 2 * ONE_MORE_FILLER * (number - 1)) * chances[number - 1]
        earlier = ONE_MORE_FILLER**2 * (number - 2) * chances[number - 2] if number > 1 else 0.0
        chances.append((before - earlier) / number)
    return chances
