"""A STOP that somebody forges, and a code that somebody guesses: each is tried as an attacker would."""

import base64
import hmac
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from audit.log.events import Event
from fusus_portal.ground.notifications import policies
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import CODE_TRIES, By, Message, TextNumber
from fusus_portal.ground.notifications.services import outbox, text_numbers
from fusus_portal.ground.notifications.services.outbox import Letter
from registry.people.presenters.own_record import number_line
from tests.factories import registrant_at
from tests.notifications.conftest import ABOUT
from tests.notifications.test_text_calls import INBOUND, SITE, call, says, sent_to
from tests.notifications.texting import NUMBER, OTHER_NUMBER, asked, events, fresh, offered, turned_on
from tests.peers.texts import ACCOUNT, SENDER, TextPeer
from tests.people import sign_in
from tests.registry.test_races import at_once

STOP = {"From": NUMBER, "To": SENDER, "Body": "STOP", "MessageSid": "SM1"}


def signed_with(secret: str, form: dict[str, str], *, url: str = f"{SITE}{INBOUND}", digest: str = "sha1") -> str:
    """Sign a call as the provider does, with a secret that somebody guessed."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), digest).digest()).decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("sample_builders", "offered")
class TestAForgedStop:
    @pytest.mark.parametrize("secret", ["", ACCOUNT, SENDER, NUMBER, "secret", "for tests only", "None"])
    @pytest.mark.parametrize("digest", ["sha1", "sha256"])
    def test_no_guessed_secret_signs_it(self, secret: str, digest: str, text_peer: TextPeer) -> None:
        number = turned_on()
        assert call(text_peer, INBOUND, STOP, signature=signed_with(secret, STOP, digest=digest)).status_code == 403
        assert fresh(number).is_on

    @pytest.mark.parametrize("path", [f"{INBOUND}?Body=STOP", f"{INBOUND}?From=%2B12055550117"])
    def test_what_the_address_says_is_no_word_of_the_phone(self, path: str, text_peer: TextPeer) -> None:
        """Signed for one address, sent to another; or with the word where no field is read."""
        number = turned_on()
        form = {"From": OTHER_NUMBER, "Body": "HELP", "MessageSid": "SM1"}
        genuine = text_peer.signed(f"{SITE}{INBOUND}", form)
        call(text_peer, path, form, signature=genuine)
        call(text_peer, path, form)
        assert fresh(number).is_on

    def test_the_signature_of_a_report_stops_nobody(self, text_peer: TextPeer) -> None:
        number = turned_on()
        report = reverse("text_status", args=[sent_to(number).pk])
        signature = text_peer.signed(f"{SITE}{report}", STOP)
        assert call(text_peer, INBOUND, STOP, signature=signature).status_code == 403
        assert fresh(number).is_on

    def test_a_caller_id_that_lies_takes_the_texts_and_leaves_the_mail(self, text_peer: TextPeer) -> None:
        """The network of phones does not prove who sends: what a STOP can take is bounded by what it does."""
        number = turned_on()
        says(text_peer, "STOP")
        assert not fresh(number).is_on
        with transaction.atomic():
            outbox.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=[Letter(number.user, ABOUT, {"request": "1"})])
        (mail,) = Message.objects.filter(kind=MessageKind.FOOTAGE_REQUEST)
        assert (mail.channel, mail.to) == (By.EMAIL, number.user.email)
        assert "STOP" in str(number_line(fresh(number))["sentence"])

    def test_a_start_that_lies_sends_nothing_to_a_phone_that_was_never_confirmed(self, text_peer: TextPeer) -> None:
        waiting = asked(number=OTHER_NUMBER)
        says(text_peer, "START", number=OTHER_NUMBER)
        assert not fresh(waiting).is_on
        assert waiting.confirmed_at is None


@pytest.fixture
def with_provider() -> Any:
    """Let the office have a provider, and nobody hear of what waits."""
    with offered():
        yield


@pytest.mark.usefixtures("with_provider")
class TestAGuessedCode:
    @pytest.mark.django_db(transaction=True)
    def test_twenty_guesses_at_once_are_five(self) -> None:
        number = asked()
        right = int(policies.code_of(number))
        guesses = [f"{(right + 1 + each) % 1_000_000:06d}" for each in range(20)]
        outcomes = at_once(*(partial(text_numbers.confirm, by=number.user, code=each) for each in guesses))
        assert all(isinstance(each, ValidationError) for each in outcomes)
        assert fresh(number).tries == CODE_TRIES
        assert events().count(Event.TEXT_CODE_WRONG) == CODE_TRIES
        with pytest.raises(ValidationError, match="last try"):
            text_numbers.confirm(by=number.user, code=policies.code_of(number))
        assert not fresh(number).is_on

    @pytest.mark.django_db
    def test_a_day_of_guessing_from_three_accounts_has_fifteen_tries_at_one_phone(self) -> None:
        """New codes have new tries, so tries are counted by phone too, over all accounts that ask."""
        tried = 0
        for account in range(3):
            owner = registrant_at().user
            browser = sign_in(owner)
            network = f"198.51.100.{account + 1}"
            for _code in range(4):
                before = events().count(Event.TEXT_CODE_ASKED)
                browser.post(reverse("texts_number"), {"number": NUMBER, "requests": "on"}, REMOTE_ADDR=network)
                if events().count(Event.TEXT_CODE_ASKED) == before:
                    break
                number = TextNumber.objects.get(user=owner)
                wrong = f"{(int(policies.code_of(number)) + 1) % 1_000_000:06d}"
                for _try in range(7):
                    browser.post(reverse("texts"), {"code": wrong}, REMOTE_ADDR=network)
                tried += fresh(number).tries
        assert tried == 15
        assert Message.objects.filter(kind=MessageKind.TEXT_CODE).count() <= 3

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        "typed", ["", "000000000000000", "\N{FULLWIDTH DIGIT ONE}" * 6, "%", "null", "1e6", "x" * 5000]
    )
    def test_what_is_shaped_otherwise_is_no_skeleton_key(self, typed: str) -> None:
        number = asked()
        with pytest.raises(ValidationError):
            text_numbers.confirm(by=number.user, code=typed)
        assert not fresh(number).is_on

    @pytest.mark.django_db
    def test_a_code_of_one_number_opens_no_other_of_the_same_person(self) -> None:
        first = asked()
        code = policies.code_of(first)
        second = asked(first.user, number=OTHER_NUMBER)
        with pytest.raises(ValidationError):
            text_numbers.confirm(by=first.user, code=code)
        assert not fresh(second).is_on
