"""One incident in which every kind of object is there that a page of the console shows, and an owner who decides."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import time_machine
from django.apps import apps
from django.db import transaction
from django.db.models import Model, UUIDField
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.review.services import addresses
from integration.clips import services
from integration.clips.models import Clip
from integration.cores.models import Core, DeviceCamera
from integration.critical import services as critical
from integration.critical.tasks import end_declarations
from integration.live.tasks import sweep_views
from integration.sharing import services as sharing
from integration.sharing.services import Wish
from registry.access_log import services as access_log
from registry.canvasses.links import link_actor, token_for
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import approvals, canvasses, requests
from registry.canvasses.tasks import expire_canvasses, expire_requests, remind
from registry.footage.models import Evidence
from registry.footage.services import custody, retention, uploads
from registry.imports.services import exports, imports
from registry.incidents.models import Incident
from registry.incidents.services import incidents, joins
from registry.registrants.models import Registrant
from tests.factories import LARGE_RADIUS_M, LARGE_REASON, REASON, draft_of, incident_at, person, purpose, registrant_at
from tests.integration.clips.clipping import footage, sent
from tests.integration.cores.devices import business_at
from tests.integration.sharing.consent import connected, signed
from tests.oversight.review.reviewing import asked, drawn
from tests.people import make_person, sign_in
from tests.r4.kinds import KINDS, LISTS
from tests.registry.access_log.delays import DELAY_REASON
from tests.registry.footage.footage import begun, given, ready
from tests.registry.imports.import_files import line, started
from tests.registry.incidents.dispatching import Sender

TODAY = datetime.now(tz=UTC)
BEGINNING = datetime(TODAY.year + (TODAY.month > 6), (TODAY.month + 5) % 12 + 1, 2, 15, 0, tzinfo=UTC)
"""Half a year from now: in another month than today, so that the times of the log, which are the database's, can be
told apart from ours; and in days to come, since by the database's clock nobody looks after a declaration has ended."""

ANSWERED = BEGINNING + timedelta(minutes=10)
AN_HOUR_LATER = BEGINNING + timedelta(hours=1)
CRITICAL = "A man with a gun ran from the bank toward the loading dock."


@dataclass(frozen=True)
class World:
    """A canvass asked three owners: one gave footage, one has none, one is about to decide: a business with a CORE.

    Each connected camera has a standing rule for clips. second: a later search of the same place, which finds the
    three again and two that came since, a business that was asked for a clip, and a home whose owner reads with delay.
    known: the names of all this; what is made later has another one in each story.
    """

    people: dict[str, User]
    incident: Incident
    canvass: Canvass
    second: Canvass
    deciding: FootageRequest
    known: frozenset[str] = frozenset()

    @property
    def deputy(self) -> User:
        """Who opened the incident."""
        return self.people["deputy"]

    @property
    def supervisor(self) -> User:
        """Who works on it too."""
        return self.people["supervisor"]

    def objects(self) -> dict[str, list[UUID]]:
        """Return the ids of what an address may name, by the word before it."""
        found = {word: [pk for kind in kinds for pk in _ids(kind)] for word, kinds in KINDS.items()}
        cameras = self.deciding.cameras.values_list("camera", flat=True)
        places = self.deciding.cameras.values_list("camera__premises", flat=True)
        return found | {"cameras": list(cameras), "doors": list(places), "people": [self.supervisor.pk]}


def build(people: dict[str, User], *, by_clip: bool = False) -> World:
    """Let an incident happen and a canvass be sent. people: of the agency, by role.

    by_clip: the deciding owner registered since and was asked for a clip, before they had a standing rule.
    """
    deputy, supervisor = people["deputy"], people["supervisor"]
    resident, other, business = registrant_at(), registrant_at(), None if by_clip else sharing_business()
    incident = incident_at(by=deputy)
    incidents.assign(incident=incident, user=supervisor, by=supervisor)
    critical.declare_critical(incident=incident, by=supervisor, reason=CRITICAL)
    canvass = canvasses.send(canvass=draft_of(incident), by=deputy)
    gives, has_none = (FootageRequest.objects.get(registrant=owner, canvass=canvass) for owner in (resident, other))
    retention.place_hold(incident=incident, evidence=given(gives), reason=REASON, by=supervisor)
    requests.answer_none(request=has_none, by=link_actor(has_none))
    if business is None:
        business = sharing_business(answers_clips=False)
        ask_for_clip(incident, business)
        let_rule_answer(business)
    decides = FootageRequest.objects.get(registrant=business)
    joins.ask(number=incident.number, by=person(Role.DEPUTY))  # who can still be assigned, too
    world = World(people, incident, canvass, draft_after(incident), decides)
    _administer(people["administrator"])
    _review(deputy)
    return replace(world, known=_names())


def first_world(*, by_clip: bool = False) -> World:
    """Return a canvass that one owner has not answered yet. by_clip: as `build`."""
    roles = (Role.DEPUTY, Role.SUPERVISOR, Role.CLERK, Role.ADMINISTRATOR, Role.REVIEWER)
    people = {role.value: make_person(role, f"{role}@portal.example") for role in roles}
    with time_machine.travel(BEGINNING, tick=False):
        return build(people, by_clip=by_clip)


def draft_after(incident: Incident) -> Canvass:
    """Let a business and a home register beside an incident, and people work on with them; return a second search."""
    deputy, supervisor = incident.opened_by, incident.declarations.get().declared_by
    assert deputy is not None
    assert supervisor is not None
    ask_for_clip(incident, sharing_business())
    go_on()
    home = registrant_at()
    second = draft_of(incident)
    canvasses.show(canvass=second, by=supervisor)
    camera = home.premises.get().cameras.get()
    access_log.delay_looks(incident=incident, camera=camera, by=supervisor, days=10, reason=DELAY_REASON)
    large, _other = (draft_of(incident, radius_m=LARGE_RADIUS_M) for _each in range(2))
    approvals.ask(canvass=large, by=deputy, reason=LARGE_REASON)
    return second


def sharing_business(*, answers_clips: bool = True) -> Registrant:
    """Return a business that shares a camera. answers_clips: whether it has a standing rule."""
    registrant = business_at()
    connected(registrant)
    signed(registrant)
    let_rule_answer(registrant, answers_clips=answers_clips)
    return registrant


def let_rule_answer(registrant: Registrant, *, answers_clips: bool = True) -> None:
    """Set what the rule of its camera gives."""
    wish = Wish("incident", answers_clips=answers_clips)
    sharing.set_rule(camera=camera_of(registrant), by=registrant.user, wish=wish)


def ask_for_clip(incident: Incident, registrant: Registrant) -> None:
    """Let the deputy ask a business for a clip."""
    assert incident.opened_by is not None
    services.ask(
        incident=incident,
        camera=camera_of(registrant),
        by=incident.opened_by,
        starts_at=incident.starts_at,
        ends_at=incident.starts_at + timedelta(minutes=20),
        purpose=purpose(),
        reason=CRITICAL,
    )


def camera_of(registrant: Registrant) -> DeviceCamera:
    """Return the camera behind the CORE of a business."""
    return DeviceCamera.objects.get(camera__premises__registrant=registrant)


def go_on() -> None:
    """Let the workers work, and each CORE send what it is told to, one after the other."""
    for task in (remind, expire_requests, expire_canvasses, end_declarations, sweep_views):
        task()
    content = footage()
    cores = Core.objects.filter(registrant__isnull=False).order_by("pk")
    told = [(core, order) for core in cores for order in services.orders_for(core)]
    for number, (core, order) in enumerate(told):
        with time_machine.travel(timezone.now() + timedelta(seconds=number), tick=False):
            upload = services.begin(core=core, clip=order["id"], size=len(content), sha256="ab" * 32)
            services.append(core=core, clip=order["id"], offset=upload.received, piece=content)
            custody.receive(upload=upload.pk)


def _administer(administrator: User) -> None:
    imports.work(pk=started([line()], by=administrator).pk)
    exports.propose(reason="We move to another portal in May.", by=administrator)
    Sender()
    addresses.propose_address(email="board@county.example", by=administrator)


def _review(deputy: User) -> None:
    """Let the log's own week be drawn, and the deputy be asked about a search in it."""
    with time_machine.travel(AuditEntry.objects.latest("pk").at, tick=False):
        asked(drawn().cards.filter(account=deputy)[0])


def _ids(kind: type[Model]) -> list[UUID]:
    found = list(kind._default_manager.order_by("pk").values_list("pk", flat=True))
    return found[:1] if kind in LISTS else found


def _names() -> frozenset[str]:
    """Return the ids and numbers of everything that there is."""
    found: set[str] = set()
    for model in apps.get_models():
        if isinstance(model._meta.pk, UUIDField):
            found.update(map(str, model._base_manager.values_list("pk", flat=True)))
    for numbered in (FootageRequest, Evidence):
        found.update(numbered.objects.values_list("number", flat=True))
    return frozenset(found)


@contextmanager
def undone() -> Iterator[None]:
    """Roll back whatever happens inside, as the test around it is: what wants a transaction of its own gets its way."""
    inside = transaction.atomic()
    inside._from_testcase = True  # type: ignore[attr-defined]
    with inside:
        yield
        transaction.set_rollback(True)


def decline(world: World) -> None:
    """Say "rather not" by the link, over HTTP."""
    answer = Client().post(reverse("reply_decline", args=[token_for(world.deciding)]))
    assert answer.status_code == 302


def begin_and_decline(world: World) -> None:
    """Begin to send a file, say when it starts, and take it back: rather not."""
    upload = begun(world.deciding, content=b"a picture", name="a.jpg")
    starts_at = timezone.localtime(BEGINNING - timedelta(hours=2))
    said = {f"{upload.pk}-camera": "", f"{upload.pk}-starts_at": f"{starts_at:%Y-%m-%dT%H:%M}"}
    page = Client().post(reverse("reply_files", args=[token_for(world.deciding)]), said)
    assert page.status_code == 302
    uploads.remove(upload=upload, by=link_actor(world.deciding))
    decline(world)


def look(world: World) -> None:
    """Send a whole file and look at it, and no more."""
    upload = ready(world.deciding, content=b"\xff\xd8\xff\xe0" + bytes(96), name="a.jpg")
    assert uploads.make_preview(upload=upload.pk)
    assert "a.jpg" in Client().get(reverse("reply_give", args=[token_for(world.deciding)])).content.decode()


def look_at_clip(world: World) -> None:
    """Have the clip sent that the deciding owner was asked for, play it, and no more."""
    clip = _sent_clip(world)
    assert clip.upload is not None
    assert uploads.make_preview(upload=clip.upload.pk)
    browser = sign_in(_owner(world))
    page = browser.post(reverse("own_clip", args=[clip.pk]), {"act": "look"}, follow=True)
    assert "<video" in page.content.decode()
    played: Any = browser.get(reverse("own_clip_stream", args=[clip.pk]))
    assert b"".join(played.streaming_content) == footage()


def give_clip(world: World) -> None:
    """Give the clip that the deciding owner was asked for."""
    clip = services.give(clip=_sent_clip(world), by=_owner(world))
    assert clip.upload is not None
    custody.receive(upload=clip.upload.pk)


def _sent_clip(world: World) -> Clip:
    return sent(services.fetch(clip=Clip.objects.get(request=world.deciding), by=_owner(world)))


def _owner(world: World) -> User:
    assert world.deciding.registrant is not None
    return world.deciding.registrant.user


def in_turn(*acts: Callable[[World], None]) -> Callable[[World], None]:
    """Return one act after the other as one."""

    def all_of_them(world: World) -> None:
        for act in acts:
            act(world)

    return all_of_them


def ignore(world: World) -> None:
    """Never open the message."""


def open_and_leave(world: World) -> None:
    """Open the message, look at every answer, and give none."""
    for name in ("reply", "reply_decline", "reply_none"):
        assert Client().get(reverse(name, args=[token_for(world.deciding)])).status_code == 200


def say_none(world: World) -> None:
    """Say that there is no footage, which is told."""
    requests.answer_none(request=world.deciding, by=link_actor(world.deciding))
