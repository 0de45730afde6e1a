"""The page of one entry says what is known of it, and no more."""

import pytest

from audit.presenters.entry_page import proof_facts
from tests.audit.console.conftest import write
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_public_can_check_what_was_published_and_nothing_that_is_newer(sealed_log: SealedLog) -> None:
    def said(term: str) -> dict[int, str]:
        facts = {entry.pk: {str(fact.term): fact.value for fact in proof_facts(entry)} for entry in entries}
        return {pk: known.get(term, "") for pk, known in facts.items()}

    entries = [write()]
    assert said("State")[entries[0].pk].startswith("Waits for the sealer")
    sealed_log.seal_and_publish()
    entries.append(write())
    sealed_log.seal()
    old, new = (said("For the public")[entry.pk] for entry in entries)
    assert old == "Publicly checkable"
    assert new.startswith("Publicly checkable from ")
    assert said("Signed tree")[entries[1].pk] == "2 places"
    assert all(said("Sealed").values())
    sealed_log.publish()
    assert set(said("For the public").values()) == {"Publicly checkable"}
