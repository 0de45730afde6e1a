"""R12, complete by construction: every column that can hold words of a person is planted, and found empty afterwards.

People with everything that the portal knows of anybody act over HTTP, and leave. The columns are the database's own: a
new one of text that nobody plants a marker in fails, unless it is said here why no words of a person stand there.
Looked at, too: sessions, which a dump shows packed; what Valkey keeps; each file on disk; and each row that hangs on a
registration, whatever is in it.
"""

from dataclasses import replace
from pathlib import Path

import psycopg
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import PUBLIC_ROLES
from fusus_portal.ground.agency.selectors import sharing_terms
from integration.cores.services import health
from integration.sharing import services as sharing
from registry.canvasses.links import token_for
from registry.footage.models import Evidence
from registry.imports.models import ImportInvitation
from registry.imports.services import imports, people
from registry.other_counties import services as other_counties
from registry.other_counties.models import OutreachLead
from registry.other_counties.states import LeadState
from registry.people.services import moves as move_services, registrants
from registry.people.services.moves import Wish
from registry.registrants.models import Registrant, RegistrationDraft
from tests.factories import person, registrant_at, request_at
from tests.integration.cores.devices import active, business_at, device_camera_at, health_of
from tests.people import make_person, sign_in
from tests.registry.footage.footage import begun, given, sent, video
from tests.registry.imports.exports import ready
from tests.registry.imports.import_files import imported, invited, line
from tests.registry.imports.test_marker import MARKED, UNCONSENTED
from tests.registry.other_counties.elsewhere import home_of
from tests.registry.people.departures.marked_columns import (
    MADE,
    OF_THE_OFFICE,
    columns_of_text,
    columns_with,
    hanging_on,
    kept_in_valkey,
    named_in,
)
from tests.registry.people.departures.test_departure_marker import MARKER, deliver_all, marked_registrant, superuser
from tests.registry.people.moves.test_move_marker import BEYOND

__all__ = ["superuser"]

AGENT = {"headers": {"user-agent": f"{MARKER} browser"}}
CUSTODY = {"registry_giver.name", "registry_evidence.name", "registry_upload.name"}
"""Who gave which file, and the file's name, once as sent and once as received."""

SIGNED = {f"integration_sharingagreement.{name}" for name in ("party", "signer", "title")}
"""Who agreed to what for a business."""

WRITTEN_BY_LEAVING = {"registry_giver.name"}
LOG = {"audit_detail.text"}
"""The browser that an act was done from, as the page of leaving says."""


def comes(user: User) -> Client:
    """Return a browser of somebody who signed in, that says what it is."""
    return sign_in(user, Client(**AGENT))  # type: ignore[arg-type]


def owner_with_everything() -> Client:
    """Return somebody who registered, gave footage, begins a move and a place, is delayed, and has a passkey."""
    registrant = marked_registrant()
    Authenticator.objects.create(user=registrant.user, type="webauthn", data={"name": f"{MARKER} key"})
    browser = comes(registrant.user)
    given(request_at("footage", registrant=registrant), content=video() + MARKER.encode(), name=f"{MARKER} given.mp4")
    asked = request_at("sent", registrant=registrant)
    arriving = begun(asked, content=video(), name=f"{MARKER} arriving.mp4", kind=f"video/{MARKER}")
    sent(arriving, video()[:1000])
    typed = {"kind": "home", "street": f"5 {MARKER} Road", "city": "Birmingham", "state": "AL", "zip_code": "35222"}
    home = home_of(registrant)
    assert browser.post(reverse("premises_move", args=[home.pk]), typed).status_code == 302
    assert browser.post(reverse("premises_new"), typed | {"name": f"{MARKER} cabin"}).status_code == 302
    browser.post(reverse("reply_decline", args=[token_for(asked)]))
    browser.post(reverse("reply_none", args=[token_for(asked)]))
    assert browser.post(reverse("reply_decline", args=[token_for(asked)])).status_code == 409
    ready()
    return browser


def business_with_agreement() -> Registrant:
    """Return a business that connected a camera, signed the sharing agreement and pauses everything."""
    business = business_at(user=make_person("business", f"{MARKER}.business@people.example"))
    name, by = f"{MARKER} Inc", business.user
    registrants.change(registrant=business, by=by, kind="business", name=name, phone="205-555-0118", language="en")
    business.refresh_from_db()
    terms = sharing_terms().pk
    sharing.sign_agreement(
        registrant=business, by=business.user, document=terms, signer=f"{MARKER} Diaz", title=f"{MARKER} manager"
    )
    sharing.pause_sharing(registrant=business, by=business.user)
    core = active(registrant=business, channels={MARKER.lower(): "running"}).core
    said = replace(health_of({MARKER.lower(): "running"}), firmware=f"{MARKER} 1.0")
    camera = device_camera_at(health.report(core=core, health=said), channel=MARKER.lower())
    sharing.set_rule(camera=camera, by=business.user, wish=sharing.Wish("incident"))
    return business


def everybody_plants() -> Client:
    """Let everybody plant the marker: an owner, somebody brought along, invited, about to register, and moved away."""
    browser = owner_with_everything()
    business_with_agreement()
    imported([line(1, **MARKED | {"email": f"{MARKER}.brought@people.example"})])
    invited_one = UNCONSENTED | {"email": f"{MARKER}.invited@people.example", "key": f"{MARKER}-2"}
    batch = imported([invited(2, **invited_one)])
    imports.write_to_people(batch=batch, number=1, by=batch.uploaded_by)
    people.write_due()
    registrants.keep_draft(by=person(), step="you", typed={"name": f"{MARKER} name"})
    moves = registrant_at(user=make_person("resident", f"{MARKER}.mover@people.example"))
    registrants.change(
        registrant=moves, by=moves.user, kind="person", name=f"{MARKER} mover", phone="205-555-0117", language="en"
    )
    move_services.move_away(premises=home_of(moves), by=moves.user, place=BEYOND, wish=Wish(with_contact=True))
    lead = OutreachLead.objects.get()
    other_counties.note_lead(lead=lead, by=person("administrator"), text=f"{MARKER} was written to.")
    return browser


def everybody_leaves(browser: Client) -> None:
    """Let each of them leave, say no, start over; the last of it is a lead that an administrator closes."""
    assert browser.post(reverse("leave")).headers["Location"] == reverse("left")
    browser.get(reverse("left"))
    for brought in Registrant.objects.filter(imported__isnull=False):
        registrants.leave(registrant=brought, by=brought.user)
    for business in Registrant.objects.filter(user__role="business"):
        registrants.leave(registrant=business, by=business.user)
    people.decline(invitation=ImportInvitation.objects.get())
    registrants.discard_draft(by=RegistrationDraft.objects.select_related("user").get().user)
    other_counties.advance_lead(lead=OutreachLead.objects.get(), by=person("administrator"), target=LeadState.CLOSED)
    deliver_all()


def test_each_is_planted_and_after_leaving_none_but_custody_holds_it(
    superuser: psycopg.Connection, uploads_root: Path
) -> None:
    files_before = files_of(uploads_root)
    browser = everybody_plants()
    planted, known = columns_with(superuser, MARKER), columns_of_text(superuser)
    tables, columns = named_in(OF_THE_OFFICE), named_in(MADE)
    excused = {name for name in known if name in columns or table_of(name) in tables}
    assert known - excused - planted == WRITTEN_BY_LEAVING, "no test plants a marker there"
    assert planted & excused == set(), "words of a person stand there"
    assert (columns - known, tables - {table_of(name) for name in known}) == (set(), set()), "there is no such column"

    everybody_leaves(browser)
    assert columns_with(superuser, MARKER) == CUSTODY | SIGNED | LOG
    assert MARKER not in kept_in_valkey()
    (file,) = files_of(uploads_root) - files_before
    assert file.stat().st_size == Evidence.objects.get().size
    rows = set.union(*map(hanging_on, (Registrant, ImportInvitation, RegistrationDraft)))
    assert len(rows) > 10
    assert [model.__name__ for model in rows if model._base_manager.exists()] == []
    assert not User.objects.filter(role__in=PUBLIC_ROLES, email__contains=MARKER).exists()


def table_of(column: str) -> str:
    """Return the table of "table.column"."""
    return column.partition(".")[0]


def files_of(root: Path) -> set[Path]:
    """Return the files of every storage: pictures, footage, what is arriving, tables."""
    return {path for path in root.rglob("*") if path.is_file()}
