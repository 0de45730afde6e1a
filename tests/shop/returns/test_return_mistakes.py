"""A wrong scan ends nothing, a CORE that is not in its parcel is a button, and a mistake is taken back."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from audit.log.models import AuditDetail
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.models import Message
from integration.cores.services import cores
from shop.returns import services
from shop.returns.models import Return, ReturnPart
from shop.returns.states import UNDOABLE, WAY, ReturnState
from tests.factories import person
from tests.people import sign_in
from tests.registry.entries import entries_of
from tests.shop.returns.returned import (
    accepted,
    begun,
    inspected,
    labelled,
    missing,
    owner_in,
    paid_back,
    received,
    return_at,
    snap,
)
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=2, payments=1, businesses=1, products=1)


def scans(client: Client, back: Return, serial: str) -> str:
    answer = client.post(reverse("return_do", args=[back.pk, "receive"]), {"serial": serial})
    assert answer.status_code == 422
    return answer.text


def now(back: Return) -> Return:
    return Return.objects.get(pk=back.pk)


class TestScan:
    @pytest.mark.parametrize("state", WAY)
    def test_a_wrong_serial_is_said_at_once_and_nothing_changes(self, clerk_client: Client, state: str) -> None:
        back = return_at(state)
        page = scans(clerk_client, back, "fc4-wrong")
        for words in ("This is FC4-WRONG", f"the return waits for {back.core.serial}", "scan it again"):
            assert words in page
        assert (now(back).state, now(back).found, now(back).received_at) == (state, "", None)
        assert not entries_of(Event.RETURN_RECEIVED)

    def test_the_core_of_another_return_leads_there(self, clerk_client: Client) -> None:
        back, other = labelled(), labelled()
        assert f"is the CORE of return {other.number}" in scans(clerk_client, back, other.core.serial)
        assert now(back).state == "label_sent"

    def test_nothing_scanned_is_no_receipt(self, clerk_client: Client) -> None:
        back = labelled()
        assert "required" in scans(clerk_client, back, "")
        assert now(back).state == "label_sent"

    def test_the_right_one_counts_after_a_wrong_one(self, clerk_client: Client) -> None:
        back = labelled()
        scans(clerk_client, back, "FC4-WRONG")
        clerk_client.post(reverse("return_do", args=[back.pk, "receive"]), {"serial": back.core.serial.lower()})
        assert (now(back).state, now(back).found) == ("received", back.core.serial)


class TestMissing:
    def test_the_core_is_not_in_the_parcel_is_a_button_with_a_page(self, clerk_client: Client) -> None:
        back = labelled()
        address = reverse("return_missing", args=[back.pk])
        assert address in clerk_client.get(reverse("return_case", args=[back.pk])).text
        page = clerk_client.get(address).text
        assert "Only if the parcel came without it" in page
        assert "You can undo this" in page
        assert now(back).state == "label_sent"
        said = {"serial": "", "reason": "It was empty", "picture": snap()}
        page = clerk_client.post(address, said, follow=True).text
        assert "The CORE was not in the parcel" in page
        picture = now(back).pictures.get()
        assert clerk_client.get(reverse("return_case_picture", args=[back.pk, picture.pk])).content.startswith(b"RIFF")
        owner = sign_in(owner_in(back)).get(reverse("return", args=[back.pk])).text
        assert "This CORE was not in the parcel. You may still send it." in owner
        assert Message.objects.filter(context__state="rejected", subject_id=str(back.pk)).exists()

    @pytest.mark.parametrize("wrong", [{"picture": None}, {"reason": ""}, {"serial": "its own"}])
    def test_what_is_missing_or_wrong_is_said_and_nothing_changes(
        self, clerk_client: Client, wrong: dict[str, object]
    ) -> None:
        back = labelled()
        if wrong.get("serial"):
            wrong = {"serial": back.core.serial}
        said = {"serial": "", "reason": "It was empty", "picture": snap(), **wrong}
        sent = {name: value for name, value in said.items() if value is not None}
        assert clerk_client.post(reverse("return_missing", args=[back.pk]), sent).status_code == 422
        assert now(back).state == "label_sent"


class TestUndo:
    @pytest.mark.parametrize("state", UNDOABLE)
    @pytest.mark.parametrize("away", WAY)
    def test_what_was_written_down_is_taken_back_with_an_entry(
        self, clerk_client: Client, state: str, away: str
    ) -> None:
        walks = {"received": received, "inspected": lambda of: inspected(received(of), parts=(1,)), "rejected": missing}
        walks["accepted"] = lambda of: accepted(received(of), parts=(1,))
        back = walks[state](return_at(away))
        address = reverse("return_do", args=[back.pk, "undo"])
        assert address in clerk_client.get(reverse("return_case", args=[back.pk])).text
        assert "as before it came" in clerk_client.get(address).text
        assert now(back).state == state
        page = clerk_client.post(address, {"reason": "The wrong parcel"}, follow=True).text
        assert "It was a mistake" not in page
        gone = now(back)
        assert (gone.state, gone.found, gone.refund, gone.received_by, gone.ended_at) == (away, "", None, None, None)
        assert not ReturnPart.objects.exists()
        (entry,) = entries_of(Event.RETURN_UNDONE)
        assert entry.facts["was"] == state
        assert AuditDetail.objects.filter(kind="reason", text="The wrong parcel").exists()
        assert Message.objects.filter(context__state="undone", subject_id=str(back.pk)).exists()

    def test_it_goes_on_to_the_money_as_if_nothing_had_been(self) -> None:
        back = accepted(received(begun()), parts=(1, 2))
        services.undo_parcel(back=back, by=person("clerk"), reason="The wrong parcel")
        again = paid_back(accepted(received(now(back)), parts=(1,)))
        assert again.parts.count() == 1
        assert again.refunds.get().cents == again.refund

    def test_once_money_has_moved_there_is_no_way_back(self, clerk_client: Client) -> None:
        back = paid_back()
        address = reverse("return_do", args=[back.pk, "undo"])
        assert address not in clerk_client.get(reverse("return_case", args=[back.pk])).text
        assert clerk_client.post(address, {"reason": "The wrong parcel"}).status_code == 409
        with pytest.raises(IntegrityError), transaction.atomic():
            Return.objects.filter(pk=back.pk).update(state="approved", refund=None, received_at=None)

    def test_nor_once_the_core_was_wiped_or_its_owner_asked_anew(self) -> None:
        back = accepted()
        cores.wipe(core=back.core, by=person("clerk"), certificate="NIST-88-3")
        with pytest.raises(Stale, match="wiped"):
            services.undo_parcel(back=back, by=person("clerk"), reason="The wrong parcel")
        gone = missing()
        again = services.request_return(core=gone.core, by=owner_in(gone))
        assert again is not None
        with pytest.raises(Stale, match=again.number):
            services.undo_parcel(back=gone, by=person("clerk"), reason="The wrong parcel")

    def test_half_of_a_receipt_is_never_taken_back(self) -> None:
        back = inspected(received(begun()), parts=(1,))
        with pytest.raises(IntegrityError), transaction.atomic():
            Return.objects.filter(pk=back.pk).update(state="approved")
        with pytest.raises(IntegrityError), transaction.atomic():
            ReturnPart.objects.all().delete()


class TestCheckPages:
    def test_accepting_says_what_happens_and_back_changes_nothing(self, clerk_client: Client) -> None:
        back = inspected(received(begun()), parts=(1,))
        address = reverse("return_press", args=[back.pk, "accept"])
        case = clerk_client.get(reverse("return_case", args=[back.pk])).text
        assert f'href="{address}"' in case
        page = clerk_client.get(address).text
        for words in ("Accept this return?", f"goes back to {back.order.party}", "No money moves yet", "Power supply"):
            assert words in page
        assert now(back).state == "inspected"
        for _press in range(3):
            page = clerk_client.post(address, follow=True).text
            assert f"{back.number}: Accepted." in page
        assert len(entries_of(Event.RETURN_ACCEPTED)) == 1
        assert clerk_client.get(address, follow=True).redirect_chain

    def test_one_story_in_a_clerks_words(self, clerk_client: Client) -> None:
        for state in ("approved", "received", "accepted", "refunding", "rejected", "withdrawn"):
            if state == "withdrawn":
                continue
            page = clerk_client.get(reverse("return_case", args=[return_at(state).pk])).text
            for words in ("Nothing now", "Send it back", "the same way you paid", "write to you", "Pack the CORE"):
                assert words not in page, (state, words)

    def test_a_press_where_it_can_t_be_is_refused(self, clerk_client: Client) -> None:
        back = received()
        assert clerk_client.post(reverse("return_press", args=[back.pk, "accept"])).status_code == 409
        assert sign_in(person("clerk")).post(reverse("return_pay", args=[back.pk])).status_code == 409


LATE: dict[str, Callable[[Return, User], Return]] = {
    "approve": lambda back, by: services.approve_return(back=back, by=by),
    "label": lambda back, by: services.label_return(back=back, by=by, carrier="ups", tracking="1Z999AA10123456784"),
    "send": lambda back, by: services.send_return(back=back, by=by),
}


@pytest.mark.parametrize("act", LATE)
@pytest.mark.parametrize("state", UNDOABLE)
def test_a_reader_of_an_old_page_is_told_that_the_parcel_is_here(state: ReturnState, act: str) -> None:
    back = return_at(state)
    with pytest.raises(Stale, match="This is already"):
        LATE[act](back, person("clerk"))
    assert now(back).state == state
