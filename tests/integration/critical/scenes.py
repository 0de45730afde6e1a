"""A critical incident with a connected camera nearby, and people who work on it: made by walking the real services."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from fusus_portal.ground.access.source import digest_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.sign_in.sessions import SIGNED_IN_AT, USED_AT
from fusus_portal.ground.geo.points import Point
from integration.cores.models import DeviceCamera
from integration.critical import services
from integration.critical.models import Declaration
from integration.live.models import ViewGrant
from integration.live.policies import Decision
from integration.live.services import gate, views
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, incident_at, person
from tests.integration.cores.devices import business_at
from tests.integration.sharing.consent import connected, owner_of as business_of, set_mode, signed

REASON = "A man with a gun ran from the bank toward the loading dock."
AGAIN = "He is still inside; officers need to know which door he takes."
THIRD = "A second car arrived behind the building, driver unknown."
FURTHER = (
    THIRD,
    "Smoke rises above the garage on the north corner.",
    "Two employees hide upstairs near the broken window.",
    "Negotiators enter through the alley at midnight.",
    "Medics wait beside the fountain until shooting stops.",
    "Hostages leave one by one toward the bus.",
)
"""Reasons for further hours; each says something new."""
NETWORK = "192.0.2.17"
KEY = "the session of the deputy who looks"
SESSION = bytes.fromhex(digest_of(KEY))


@dataclass
class Scene:
    """The people, incident and camera of a test. supervisor: declares, and did not open the incident."""

    deputy: User
    supervisor: User
    incident: Incident
    camera: DeviceCamera
    declaration: Declaration | None = None
    others: list[User] = field(default_factory=list)

    @property
    def registrant(self) -> Registrant:
        """The registrant of the camera."""
        return business_of(self.camera)

    @property
    def owner(self) -> User:
        """The account of the registrant."""
        return self.registrant.user

    def colleague(self, role: str = Role.DEPUTY) -> User:
        """Assign somebody else to the incident."""
        other = person(role)
        incidents.assign(incident=self.incident, user=other, by=self.supervisor)
        self.others.append(other)
        return other

    def verify(self) -> None:
        """Let another supervisor verify the incident."""
        self.incident = incidents.verify(incident=self.incident, by=person(Role.SUPERVISOR))

    def declare(
        self, *, reason: str = REASON, point: Point | None = None, radius_m: float | None = None
    ) -> Declaration:
        """Declare the incident critical."""
        made = services.declare_critical(
            incident=self.incident, by=self.supervisor, reason=reason, point=point, radius_m=radius_m
        )
        self.declaration = made
        return made

    def view(self, *, by: User | None = None, reason: str = REASON, more: bool = False) -> ViewGrant:
        """Begin to see the camera."""
        return views.start(
            incident=self.incident,
            camera=self.camera,
            by=by or self.deputy,
            reason=reason,
            network=NETWORK,
            session=SESSION,
            more=more,
        )


def scene(
    *,
    critical: bool = True,
    mode: str = "incident",
    verified: bool = True,
    point: Point = LINN_PARK,
    business: Registrant | None = None,
    glass: bool | None = None,
    **when: Any,
) -> Scene:
    """Return an incident of a deputy in Linn Park, and a business that shares a camera at a point by a mode.

    glass: broken glass shows the camera; by default where no supervisor declares the incident critical.
    when: ends_at, where it is another than an hour ago.
    """
    registrant = business or business_at(point)
    camera = connected(registrant)
    signed(registrant)
    if mode:
        set_mode(camera, mode, glass=not critical if glass is None else glass)
    deputy, supervisor = person(Role.DEPUTY), person(Role.SUPERVISOR)
    made = Scene(deputy, supervisor, incident_at(by=deputy, verified=False, **when), camera)
    if verified:
        made.verify()
    if critical:
        made.declare()
    return made


def checked(
    grant: ViewGrant, *, network: str = NETWORK, session: bytes = SESSION, user: User | None = None
) -> Decision:
    """Ask the gate as the page of a view does, while the sign-in lasts in which the view began."""
    lasting_sign_in(grant.deputy)
    return gate.look(grant=grant.pk, user=user or grant.deputy, network=network, session=session).decision


def checked_on_line(grant: ViewGrant) -> Decision:
    """Ask the gate as a relay does."""
    lasting_sign_in(grant.deputy)
    [look] = gate.look_at_all([gate.Question(grant.pk, grant.deputy, NETWORK, SESSION.hex())])
    return look.decision


def lasting_sign_in(account: User) -> None:
    """Make the sign-in in which a person's views of a scene begin; no clock ends it for a year."""
    used = (timezone.now() + timedelta(days=365)).timestamp()
    lasts: dict[str, Any] = {"session_data": SessionStore().encode({SIGNED_IN_AT: used, USED_AT: used})}
    lasts["expire_date"] = timezone.now() + timedelta(days=365)
    Session.objects.update_or_create(session_key=KEY, defaults=lasts)
    UserSession.objects.update_or_create(
        session_key=KEY, defaults={"user": account, "ip": NETWORK, "user_agent": "Test browser"}
    )


def broken(made: Scene) -> Declaration:
    """Break the glass as two people who work on the incident; only the first needs to."""
    asked = services.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
    return services.break_glass(declaration=asked, by=made.colleague())


def invented(made: Scene, *, by: User | None = None) -> Scene:
    """Return another incident that nobody has verified, at the same camera."""
    deputy = by or person(Role.DEPUTY)
    return Scene(deputy, made.supervisor, incident_at(by=deputy, verified=False), made.camera)


def glass_of(made: Scene, *, second: User | None = None) -> Declaration:
    """Break the glass; the second person need not work on the incident."""
    asked = services.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
    made.declaration = services.break_glass(declaration=asked, by=second or person(Role.DEPUTY))
    return made.declaration
