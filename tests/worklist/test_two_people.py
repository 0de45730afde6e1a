"""An act of two people waits for another person than the asker, and for them alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.selectors import waiting_for
from fusus_portal.oversight.review.services import addresses
from registry.imports.services import exports
from registry.incidents.services import dispatch
from tests.factories import person
from tests.integration.critical.scenes import broken, scene
from tests.oversight.review.reviewing import drawn
from tests.registry.incidents.dispatching import pem_of
from tests.worklist.telling import told_now

pytestmark = pytest.mark.django_db


def waiting(user: User) -> list[str]:
    return [str(item.text) for item in waiting_for(user) if not item.is_door]


def key(by: User) -> None:
    public_key = pem_of(Ed25519PrivateKey.generate())
    dispatch.propose_key(source="county-cad", key_id="county-cad-1", public_key=public_key, by=by)


PROPOSALS: dict[str, Callable[[User], object]] = {
    "A key of dispatch · county-cad": key,
    "A copy of the whole registry": lambda by: exports.propose(reason="The agency moves to another system.", by=by),
    "Who hears of overdue reviews": lambda by: addresses.propose_address(email="board@county.example", by=by),
}


@pytest.mark.parametrize("text", PROPOSALS)
def test_a_proposal_waits_for_the_other_administrators(text: str, administrator: User, supervisor: User) -> None:
    other = person("administrator")
    PROPOSALS[text](administrator)
    assert text in waiting(other)
    assert text not in waiting(administrator)
    assert text not in waiting(supervisor)
    found = told_now()
    assert other.email in found
    assert not {administrator.email, supervisor.email} & found


def test_the_address_that_was_proposed_is_not_on_the_list(administrator: User) -> None:
    addresses.propose_address(email="board@county.example", by=person("administrator"))
    assert "board@county.example" not in " ".join(waiting(administrator))


def test_the_weekly_review_waits_for_auditors_until_its_day(auditor: User, supervisor: User) -> None:
    week = drawn()
    [item] = [each for each in waiting_for(auditor) if each.about == week.subject]
    assert item.due == week.due_at
    found = told_now()
    assert auditor.email in found
    assert supervisor.email not in found


def test_the_two_who_broke_the_glass_are_told_a_day_before_they_must_say_why() -> None:
    declaration = broken(scene(critical=False))
    assert declaration.declared_by is not None
    assert declaration.seconded_by is not None
    assert declaration.justify_by is not None
    two = {declaration.declared_by.email, declaration.seconded_by.email}
    with time_machine.travel(declaration.justify_by - timedelta(days=1, minutes=1), tick=False):
        assert not two & told_now()
    with time_machine.travel(declaration.justify_by - timedelta(days=1), tick=False):
        found = told_now()
    assert two <= found
    assert not {each.email for each in User.objects.filter(role="auditor")} & found
