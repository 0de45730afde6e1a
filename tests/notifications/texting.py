"""Phone numbers that get texts, by walking the real steps."""

from django.test import override_settings

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications import policies
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import By, Message, TextNumber
from fusus_portal.ground.notifications.services import text_numbers
from tests.factories import person
from tests.peers.texts import ACCOUNT, SECRET, SENDER

NUMBER = "+12055550117"
OTHER_NUMBER = "+12055550118"


def offered() -> override_settings:
    """Let the office have a provider, at which nobody listens; a test that sends runs one."""
    return override_settings(
        TEXT_URL="http://127.0.0.1:9/Messages.json",
        TEXT_ACCOUNT=ACCOUNT,
        TEXT_SENDER=SENDER,
        TEXT_SECRET=SECRET,
        TEXT_SIGNING_SECRET=SECRET,
    )


def asked(user: User | None = None, *, number: str = NUMBER, requests: bool = True, looks: bool = True) -> TextNumber:
    """Return the number of a person that waits for its code."""
    return text_numbers.ask(by=user or person(), number=number, requests=requests, looks=looks)


def turned_on(
    user: User | None = None, *, number: str = NUMBER, requests: bool = True, looks: bool = True
) -> TextNumber:
    """Return the number of a person who typed its code; nothing waits to be sent there."""
    waiting = asked(user, number=number, requests=requests, looks=looks)
    known = text_numbers.confirm(by=waiting.user, code=policies.code_of(waiting))
    Message.objects.filter(channel=By.TEXT, to=number).delete()
    return known


def fresh(number: TextNumber) -> TextNumber:
    """Return the number as it is stored."""
    return TextNumber.objects.get(pk=number.pk)


def code_texts() -> list[Message]:
    """Return the codes that wait to be sent."""
    return list(Message.objects.filter(kind=MessageKind.TEXT_CODE))


def events() -> list[str]:
    """Return the entries about numbers, by name."""
    return list(AuditEntry.objects.filter(event__startswith="notifications:number").values_list("event", flat=True))
