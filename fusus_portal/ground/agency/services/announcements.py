from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.agency import hooks, selectors
from fusus_portal.ground.agency.hooks import Words
from fusus_portal.ground.agency.models import Announcement
from fusus_portal.ground.agency.models.documents import WORDS_NOTICE
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter

TELLER = "agency.announce_words"


def announce(*, name: str, number: int, actor: Actor) -> Announcement:
    """Announce a version by mail to the people who rely on its text, inside the act that publishes it.

    In force from midnight, two weeks later at least; at once if nobody relies on the version before. Raises
    RuntimeError outside a transaction.
    """
    [words] = [each for each in hooks.words if each.name == name]
    now, people = timezone.now(), list(words.relied())
    holds_from = _a_day_after(now + WORDS_NOTICE) if people else now
    made = Announcement.objects.create(
        name=name, number=number, announced_at=now, holds_from=holds_from, told=len(people)
    )
    context = {"announcement": str(made.pk)}
    letters = [Letter(person, made.subject, context) for person in people]
    notifications.send_many(kind=MessageKind.WORDS_CHANGE, letters=letters)
    facts: dict[str, int | str] = {"name": name, "number": number, "told": len(people)}
    facts["holds_from"] = holds_from.isoformat(timespec="seconds")
    record(event=Event.WORDS_ANNOUNCED, actor=actor, subject=made.subject, facts=facts)
    return made


def announce_due() -> int:
    """Announce versions that came with the portal; return their number."""
    return sum(_announce_new(words) for words in hooks.words)


@transaction.atomic
def _announce_new(words: Words) -> int:
    missing = selectors.unannounced(words.name, words.number)
    for number in missing:
        announce(name=words.name, number=number, actor=task_actor(TELLER))
    return len(missing)


def _a_day_after(moment: datetime) -> datetime:
    day = timezone.localtime(moment) + timedelta(days=1)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)
