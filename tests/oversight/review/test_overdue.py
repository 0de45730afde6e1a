"""A week that nobody signed in time: an entry, a mail to the address that two administrators set, the public page."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.channels.email_channel import letter_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.oversight.review.models import AlarmAddress, ReviewWeek
from fusus_portal.oversight.review.selectors import address_in_use, public_weeks
from fusus_portal.oversight.review.services import addresses, reviews
from fusus_portal.oversight.review.tasks import keep_up
from tests.oversight.review.reviewing import drawn, searches, seeded

pytestmark = pytest.mark.django_db

BOARD = "board@county.example"


def on_monday(week: ReviewWeek) -> time_machine.travel:
    """Return the Monday on which a week is overdue."""
    return time_machine.travel(week.due_at + timedelta(minutes=1), tick=False)


def set_by_two(first: User, second: User, email: str = BOARD) -> AlarmAddress:
    """Let two administrators set the address."""
    return addresses.approve_address(address=addresses.propose_address(email=email, by=first), by=second)


def test_on_monday_the_alarm_goes_out_once(administrator: User, other_administrator: User) -> None:
    searches()
    made = drawn()
    set_by_two(administrator, other_administrator)
    with time_machine.travel(made.due_at - timedelta(minutes=1), tick=False):
        assert reviews.raise_overdue_weeks() == 0
    with on_monday(made):
        assert (reviews.raise_overdue_weeks(), reviews.raise_overdue_weeks()) == (1, 0)
    entry = AuditEntry.objects.get(event="audit:review:overdue")
    assert (entry.subject_id, entry.facts["cards"], entry.facts["done"]) == (str(made.pk), 1, 0)
    assert [message.to for message in Message.objects.filter(kind="review_overdue")] == [BOARD]


def test_a_sample_that_can_not_be_drawn_keeps_no_alarm_silent(
    administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_week: object) -> list[object]:
        raise RuntimeError("no flag can be found")

    monkeypatch.setattr("fusus_portal.oversight.review.flags.found", broken)
    made = seeded()
    with on_monday(made), pytest.raises(RuntimeError):
        keep_up()
    entry = AuditEntry.objects.get(event="audit:review:overdue")
    assert (entry.subject_id, entry.facts["cards"]) == (str(made.pk), 0)
    sent = Message.objects.get(kind="review_overdue", to=administrator.email)
    assert "Its sample was not drawn" in letter_of(sent).text


def test_the_public_page_says_so_until_it_is_signed(auditor: User) -> None:
    made = drawn()
    page = reverse("transparency")
    assert "is late" not in Client().get(page).content.decode()
    with on_monday(made):
        reviews.raise_overdue_weeks()
        assert "is late" in Client().get(page).content.decode()
        reviews.sign_week(week=made, by=auditor)
        assert "is late" not in Client().get(page).content.decode()
        [state] = [each for each in public_weeks() if each.begins_at == made.begins_at]
        assert state.is_late
        assert "Signed late" in Client().get(reverse("weekly_review")).content.decode()
    assert AuditEntry.objects.get(event="audit:review:sign").facts["late"] == 1


def test_a_week_signed_in_time_is_never_overdue(auditor: User) -> None:
    made = reviews.sign_week(week=drawn(), by=auditor)
    with on_monday(made):
        assert reviews.raise_overdue_weeks() == 0
        assert not [each for each in public_weeks() if each.is_late]


def test_without_an_address_administrators_hear_of_it(administrator: User) -> None:
    addresses.propose_address(email=BOARD, by=administrator)
    with on_monday(drawn()):
        reviews.raise_overdue_weeks()
    assert [message.to for message in Message.objects.filter(kind="review_overdue")] == [administrator.email]


def test_an_address_takes_two_administrators(administrator: User, other_administrator: User, auditor: User) -> None:
    proposed = addresses.propose_address(email=BOARD, by=administrator)
    for by in (administrator, auditor):
        with pytest.raises(Refused):
            addresses.approve_address(address=proposed, by=by)
    assert address_in_use() is None
    addresses.approve_address(address=proposed, by=other_administrator)
    with pytest.raises(Stale):
        addresses.approve_address(address=proposed, by=other_administrator)
    with pytest.raises(Stale):
        addresses.cancel_address(address=proposed, by=administrator)
    assert address_in_use() == proposed


def test_a_new_address_takes_the_place_of_the_one_before(administrator: User, other_administrator: User) -> None:
    before = set_by_two(administrator, other_administrator)
    new = set_by_two(administrator, other_administrator, email="sheriff@county.example")
    before.refresh_from_db()
    assert before.retired_by == other_administrator
    assert address_in_use() == new


def test_the_pages_of_the_address(administrator_client: Client, other_administrator_client: Client) -> None:
    page = reverse("review_addresses")
    assert "No address yet" in administrator_client.get(page).content.decode()
    assert administrator_client.post(page, {"email": "nobody"}).status_code == 422
    assert administrator_client.post(page, {"email": BOARD}).status_code == 302
    assert administrator_client.post(page, {"email": BOARD.upper()}).status_code == 422
    waits = AlarmAddress.objects.get()
    approve = reverse("review_address_approve", args=[waits.pk])
    assert "Another administrator approves" in administrator_client.get(page).content.decode()
    assert administrator_client.post(approve).status_code == 403
    assert other_administrator_client.post(approve).status_code == 302
    assert "In use" in administrator_client.get(page).content.decode()
    administrator_client.post(page, {"email": "two@county.example"})
    other = AlarmAddress.objects.get(email="two@county.example")
    assert administrator_client.post(reverse("review_address_cancel", args=[other.pk])).status_code == 302
    assert address_in_use() == waits
