"""Acts on the phone number that gets texts."""

from django.db import transaction

from audit.log.actors import Subject
from audit.log.events import Event
from fusus_portal.ground.notifications import policies
from fusus_portal.ground.notifications.channels.contract import AddressFault
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import By
from fusus_portal.ground.notifications.services import outbox as notifications, text_numbers
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.notifications.texting import NUMBER, asked, offered, turned_on


@calls(text_numbers.ask, Event.TEXT_CODE_ASKED)
def ask() -> Act:
    """A person gives a number."""
    resident = person()
    return offered()(lambda: asked(resident))


@calls(text_numbers.confirm, Event.TEXTS_TURNED_ON)
@offered()
def confirm() -> Act:
    """They type the code."""
    number = asked()
    return offered()(lambda: text_numbers.confirm(by=number.user, code=policies.code_of(number)))


@calls(text_numbers.choose, Event.TEXTS_CHOSEN)
@offered()
def choose() -> Act:
    """They want less."""
    number = turned_on()
    return lambda: text_numbers.choose(by=number.user, requests=True, looks=False)


@calls(text_numbers.turn_off, Event.TEXTS_TURNED_OFF)
@offered()
def turn_off() -> Act:
    """They want nothing."""
    number = turned_on()
    return lambda: text_numbers.turn_off(by=number.user)


@calls(text_numbers.stop, Event.TEXTS_STOPPED)
@offered()
def stop() -> Act:
    """Somebody answers STOP."""
    turned_on()
    return lambda: text_numbers.stop(number=NUMBER)


@calls(text_numbers.start, Event.TEXTS_RESUMED)
@offered()
def start() -> Act:
    """Somebody answers START after it."""
    turned_on()
    text_numbers.stop(number=NUMBER)
    return lambda: text_numbers.start(number=NUMBER)


@calls(text_numbers.note_failure, Event.TEXT_NOT_DELIVERED)
@offered()
def note_failure() -> Act:
    """The provider says that a text did not arrive."""
    number = turned_on()
    with transaction.atomic():
        written = notifications.send_many(
            kind=MessageKind.FOOTAGE_REQUEST,
            letters=[notifications.Letter(number.user, Subject("request", "1"), {"request": "1"})],
        )
    (text,) = [message for message in written if message.channel == By.TEXT]
    return lambda: text_numbers.note_failure(message=text.pk, number=NUMBER, code=30003)


@calls(text_numbers.apply_fault, Event.TEXT_UNREACHABLE)
@offered()
def heed() -> Act:
    """It is a landline."""
    turned_on()
    return lambda: text_numbers.apply_fault(number=NUMBER, verdict=AddressFault.UNREACHABLE)
