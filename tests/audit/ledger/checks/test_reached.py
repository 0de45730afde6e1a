"""Only the portal says how far a check of the log came: a change of that note has the whole log checked again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from audit.ledger import tasks
from audit.ledger.checks import runs
from audit.ledger.checks.tree import Reached, Stage
from audit.ledger.models import SelfCheck
from tests.audit.ledger.checks.checked import a_checked_log, area_of, tampered
from tests.audit.ledger.conftest import write_entries
from tests.audit.ledger.test_witnesses import open_alarms
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


class TestItsMemory:
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda kept: "",
            lambda kept: kept[:-1] + ("A" if kept[-1] != "A" else "B"),
            lambda kept: kept.replace(":", "x:", 1),
            lambda kept: "nonsense",
        ],
    )
    def test_one_that_is_gone_or_not_the_portal_s_word_is_a_check_of_everything(
        self, spoil: Callable[[str], str], sealed_log: SealedLog
    ) -> None:
        ids = a_checked_log(sealed_log)
        tampered(sealed_log.clone, area_of(ids[3]))
        SelfCheck.objects.update(reached=spoil(SelfCheck.objects.get().reached))
        assert tasks.check_ledger() == 1
        assert open_alarms() == ["entry-changed"]

    def test_an_attacker_with_the_database_alone_can_not_write_one(
        self, sealed_log: SealedLog, settings: LazySettings
    ) -> None:
        ids = a_checked_log(sealed_log)
        tampered(sealed_log.clone, area_of(ids[3]))
        ours, settings.SECRET_KEY = settings.SECRET_KEY, "another key of another portal, as long as it has to be"
        forged = Reached(timezone.now(), is_whole=True, stage=Stage.DONE, entry=10**9).kept()
        settings.SECRET_KEY = ours
        now = timezone.now()
        SelfCheck.objects.create(started_at=now, findings=0, is_whole=True, reached=forged)
        assert runs.last_whole_began() is None
        assert (tasks.check_ledger(), open_alarms()) == (1, ["entry-changed"])

    @pytest.mark.parametrize(
        "impossible",
        [
            {"began": timezone.now() + 2 * HOUR},
            {"began": timezone.now(), "places": 512},
            {"began": timezone.now(), "places": 100, "roots": ((6, b"x" * 32), (5, b"x" * 32), (2, b"x" * 32))},
            {"began": timezone.now(), "places": 256, "roots": ((8, b"x"),)},
        ],
    )
    def test_an_impossible_one_is_not_read(self, impossible: dict[str, object]) -> None:
        assert Reached.read(Reached(**impossible).kept()) is None  # type: ignore[arg-type]

    def test_it_reads_as_it_was_kept(self) -> None:
        lost = Reached(timezone.now(), is_whole=True, is_good=False, stage=Stage.ROWS, places=512, roots=None, bad=7)
        roots = ((9, b"x" * 32), (8, b"y" * 32))
        held = Reached(timezone.now(), places=768, roots=roots, good=700, entry=5, camera="c")
        assert [Reached.read(one.kept()) for one in (lost, held)] == [lost, held]

    def test_an_older_one_put_in_its_place_only_has_more_checked(self, sealed_log: SealedLog) -> None:
        a_checked_log(sealed_log)
        older = SelfCheck.objects.get().reached
        ids = [entry.pk for entry in write_entries(300)]
        sealed_log.seal_and_publish()
        assert tasks.check_ledger() == 0
        SelfCheck.objects.filter(pk=SelfCheck.objects.latest("pk").pk).update(reached=older)
        tampered(sealed_log.clone, area_of(ids[20]))
        assert tasks.check_ledger() == 1
