"""A portal with something on every page, and people before it at each step of signing in, moving, leaving."""

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from audit.console import services as console_services, tasks as console
from audit.console.search.query import LogQuery
from audit.ledger.alarms import AlarmKind, raise_alarm
from audit.ledger.models import Alarm
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.selectors import invitation_token
from fusus_portal.ground.accounts.services import role_changes
from integration.critical import services
from integration.sharing import services as sharing_services
from registry.access_log import selectors as access_log
from registry.access_log.selectors import Channel
from registry.canvasses.links import receipts_token, token_for
from registry.canvasses.models import CanvassPurpose
from registry.footage.models import RetentionCategory
from registry.footage.services import retention
from registry.imports import links
from registry.imports.models import ImportInvitation
from registry.incidents.models import Incident, IncidentType
from registry.other_counties import services as other_counties
from registry.other_counties.services import AgencyDetails
from tests.browser.pages import shop_people as shop
from tests.browser.pages.attacked import attacked
from tests.browser.pages.returning import returns, years
from tests.browser.pages.reviewers import reviews
from tests.browser.pages.watched import viewed_live
from tests.factories import (
    LARGE_RADIUS_M,
    LINN_PARK,
    REASON,
    canvass_at,
    draft_of,
    incident_at,
    north_of,
    person,
    registrant_at,
    request_at,
)
from tests.integration.cores.devices import business_at, core_at, core_model, device_camera_at
from tests.integration.critical.scenes import broken, scene
from tests.integration.sharing.consent import connected, signed
from tests.people import PASSWORD, TOTP_SECRET, sign_in
from tests.registry.access_log.delays import case_of, delayed, supervisor_on
from tests.registry.footage.footage import given
from tests.registry.footage.keeping import PICTURE
from tests.registry.imports.exports import proposed
from tests.registry.imports.import_files import brought, checked, imported, invited, line
from tests.registry.incidents.dispatching import Sender
from tests.registry.letters.post import printed
from tests.registry.other_counties.elsewhere import (
    AVONDALE,
    IN_AVONDALE,
    IN_PELHAM,
    PELHAM,
    SHELBY,
    home_of,
    lead_at,
    with_second_place,
)
from tests.registry.people.moves.test_move_pages import go
from tests.registry.people.test_registration import fill
from tests.registry.places.test_place_pages import ADDRESS, PIN
from tests.shop.payments.paying import difference
from tests.streets import uploads as street_uploads


@dataclass
class Everybody:
    """Browsers of people of each role, and the things that they find on the pages.

    language: of the public. browsers: of each role, "visitor" too. things: what an address may name, by the part of
    the address before it and the kind of value, as ("incidents", "uuid").
    """

    language: str
    browsers: dict[str, list[Client]] = field(default_factory=lambda: defaultdict(list))
    things: dict[tuple[str, str], list[Any]] = field(default_factory=lambda: defaultdict(list))

    def comes(self, account: User) -> Client:
        browser = sign_in(account)
        self.browsers[str(account.role)].append(browser)
        return browser

    def visits(self) -> Client:
        browser = Client()
        self.browsers["visitor"].append(browser)
        return browser

    def knows(self, part: str, *values: Any) -> None:
        """Note values that an address may have after a part of it; rows by their key."""
        for value in values:
            kind = {int: "int", str: "slug"}.get(type(value), "uuid")
            self.things[part, kind].append(getattr(value, "pk", value))

    def links(self, part: str, *tokens: str) -> None:
        self.things[part, "str"] += tokens

    def resident(self) -> User:
        return person(language=self.language)


def everybody(language: str) -> Everybody:
    """Return people of each role with something on every page. language: of the public."""
    here = Everybody(language)
    visitors(here)
    residents(here)
    office(here)
    administration(here)
    reviews(here)
    return here


def visitors(here: Everybody) -> None:
    """Let people come who are not signed in: one who looks around, and one at each step of the way in."""
    here.visits()
    here.visits().post(reverse("account_signup"), {"email": "new@b.example", "password1": PASSWORD, "role": "resident"})
    with_app = here.resident()
    TOTP.activate(with_app, TOTP_SECRET)
    here.visits().post(reverse("account_login"), {"login": with_app.email, "password": PASSWORD})
    for part, value in attacked(here.visits(), here.visits(), here.resident(), here.resident()).items():
        here.things["key", part].append(value)
    for page in ("terms", "privacy", "sharing-agreement"):
        here.knows(page, 1)


def residents(here: Everybody) -> None:
    """Let owners come: one who begins to register, one with everything, some who move, one who has left."""
    fill(here.comes(here.resident()))
    owner = here.resident()
    registrant = registrant_at(user=owner, language=here.language)
    waiting, answered = request_at("sent", registrant=registrant), request_at("footage", registrant=registrant)
    given(answered, content=PICTURE, name="porch.jpg")
    browser, home = here.comes(owner), home_of(registrant)
    browser.post(reverse("premises_new"), ADDRESS)
    browser.post(reverse("premises_new_pin"), PIN)
    moves(browser, home, AVONDALE, IN_AVONDALE)
    leaver = registrant_at(user=here.resident(), language=here.language)
    away = home_of(leaver)
    with_second_place(leaver)
    moves(here.comes(leaver.user), away, PELHAM, IN_PELHAM)
    gone = registrant_at(user=here.resident(), language=here.language)
    with_second_place(gone)
    mover = here.comes(gone.user)
    moves(mover, home_of(gone), PELHAM, IN_PELHAM)
    mover.post(reverse("premises_move_away", args=[home_of(gone).pk]))
    left = here.visits()
    sign_in(registrant_at(user=here.resident()).user, left).post(reverse("leave"))
    here.knows("places", home, away)
    here.knows("cameras", home.cameras.get())
    here.knows("requests", answered, waiting)
    here.links("requests", token_for(waiting), token_for(answered))
    here.links("receipts", receipts_token(answered))
    here.links("notices", access_log.stop_token(str(registrant.pk), Channel.SEARCHES))
    with_factors(here)
    devices(here)
    returns(here)
    years(here)
    sharing(here)
    viewed_live(here)
    shop.buyers(here)
    shop.fulfilment(here)


def devices(here: Everybody) -> None:
    """Let businesses come: one with a CORE and a camera behind it, one that gave it back, one that has none yet."""
    for state in ("active", "returning"):
        owner = business_at(user=person(Role.BUSINESS, language=here.language), language=here.language, cameras=2)
        core = core_at(state, registrant=owner)
        here.comes(owner.user)
        here.knows("devices", core)
        here.knows("cores", core)
        if state == "active":
            here.knows("cameras", device_camera_at(core))
    here.comes(business_at(user=person(Role.BUSINESS, language=here.language), language=here.language).user)
    here.knows("cores", core_at("in_stock"))
    here.knows("core-models", core_model())
    here.knows("differences", difference())


def sharing(here: Everybody) -> None:
    """Let businesses come who share a camera by each rule, and one who took the agreement back."""
    for mode in ("schedule", "ask"):
        shares = business_at(user=person(Role.BUSINESS, language=here.language), language=here.language)
        here.knows("sharing", connected(shares, mode=mode))
        agreement = signed(shares)
        here.knows("agreement", agreement)
        here.comes(shares.user)
    sharing_services.revoke_agreement(agreement=agreement, by=shares.user)
    sharing_services.pause_sharing(registrant=shares, by=shares.user)


def moves(browser: Client, home: Any, address: Any, point: Any) -> None:
    """Take a move up to its last step."""
    typed = {"kind": "home", **asdict(address)}
    go(browser, home, typed, {"latitude": str(point.latitude), "longitude": str(point.longitude)})


def with_factors(here: Everybody) -> None:
    """Let somebody come who has a code app and recovery codes, and somebody without a password."""
    careful, without = here.resident(), here.resident()
    TOTP.activate(careful, TOTP_SECRET)
    RecoveryCodes.activate(careful)
    here.comes(careful)
    without.set_unusable_password()
    without.save()
    here.comes(without)


def office(here: Everybody) -> None:
    """Let deputies and supervisors come who work on incidents with all that can happen to one."""
    here.comes(deputy := person(Role.DEPUTY))
    incident = incident_at(by=deputy)
    sent = canvass_at("sent", incident=incident)
    file = given(sent.requests.all()[0], content=PICTURE, name="yard.jpg")
    draft, wide = draft_of(incident), draft_of(incident, radius_m=LARGE_RADIUS_M)
    asked_about = canvass_at("waiting", by=person(Role.DEPUTY))
    supervisor = supervisor_on(incident, draft)
    here.comes(supervisor)
    to_delay, is_delayed = case_of(), case_of()
    for case in (to_delay, is_delayed):
        here.comes(case.supervisor)
    here.knows("incidents", incident, to_delay.incident, is_delayed.incident)
    here.knows("canvasses", draft, sent, wide, asked_about)
    here.things["cameras", "uuid"].append(to_delay.camera.pk)
    here.knows("evidence", file)
    here.knows("delays", delayed(is_delayed))
    here.knows("holds", retention.place_hold(incident=incident, reason=REASON, by=supervisor))
    here.comes(person(Role.CLERK))
    printed()
    critical(here)
    log(here)


def critical(here: Everybody) -> None:
    """Let people come whose incidents are critical, wait to be, or had their glass broken, with cameras nearby."""
    seen, wide, asked, glass = scene(), scene(critical=False), scene(critical=False), scene(critical=False)
    for made in (seen, wide, asked, glass):
        here.comes(made.deputy)
        here.comes(made.colleague())
        here.knows("incidents", made.incident)
    here.comes(person(Role.SUPERVISOR))
    here.knows("live", seen.view(by=seen.others[0]))
    connected(business_at(north_of(LINN_PARK, 40)), mode="never")
    question = services.ask_for_glass(incident=asked.incident, by=asked.deputy, reason=REASON)
    here.knows("declarations", seen.declaration, wide.declare(radius_m=900.0), question, broken(glass))


def log(here: Everybody) -> None:
    """Let an auditor come who has an alarm before them, and had a search put on paper."""
    here.comes(auditor := person(Role.AUDITOR))
    raise_alarm(kind=AlarmKind.DISK, what="The disk of the log is nearly full.")
    here.knows("alarms", *Alarm.objects.values_list("pk", flat=True))
    here.knows("audit", AuditEntry.objects.latest("id").pk)
    here.knows("prints", asked := console_services.ask_print(wanted=LogQuery(), query="", by=auditor.actor))
    console.make_print(str(asked.pk))


def administration(here: Everybody) -> None:
    """Let administrators come, with everything that they keep or work on."""
    administrator, other = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    here.comes(administrator)
    invitation = role_changes.invite(
        email="kim@agency.example", name="Kim", role="deputy", reason="New on the watch.", by=administrator
    )
    role_changes.approve(change=invitation, by=other)
    here.links("invitation", invitation_token(invitation.pk))
    here.knows("people", person(Role.DEPUTY))
    details = AgencyDetails(SHELBY, "Shelby SO", "205-555-0170", "a@s.example", "https://s.example/cameras")
    here.knows("county-agencies", other_counties.add_agency(by=administrator, details=details))
    here.knows("outreach", lead := lead_at())
    here.links("counties", lead.county_fips)
    done = imported([line(900, language=here.language), invited(901, language=here.language)])
    here.links("claim", links.claim_token(done.registrations.get().pk))
    here.links("invited", links.invitation_token(ImportInvitation.objects.get().pk))
    here.knows("imports", done, checked([line(902)]), brought([line(903)]))
    proposed()
    here.knows("dispatch", Sender(approved=False).key)
    here.knows("incident-types", IncidentType.objects.all()[0])
    here.knows("purposes", CanvassPurpose.objects.all()[0])
    here.knows("retention", RetentionCategory.objects.all()[0])
    here.things["messages", "slug"].append("footage_request")
    here.knows("streets", street_uploads.current().pk)
    here.knows("incidents", incident_at(by=person(Role.DEPUTY), verified=False))
    assert Incident.objects.count() > 5
