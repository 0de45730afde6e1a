"""Broken glass shows a camera only whose owner signed words that name it, and chose it in the rule of the camera."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from integration.critical import services
from integration.live.services import views
from integration.live.services.gate import ViewRefused
from integration.live.video import decisions
from integration.sharing import services as sharing
from integration.sharing.models import SharingAgreement
from integration.sharing.policies import NOT_CHOSEN, OLDER_WORDS
from integration.sharing.services import Wish
from registry.access_log.presenters.looks import through_glass
from registry.incidents.services import incidents
from tests.agency.earlier_words import signed_under_the_first_words
from tests.factories import person
from tests.integration.critical.scenes import REASON, Scene, checked, glass_of, scene
from tests.integration.live.gate.test_view_guard import insert
from tests.integration.sharing.consent import set_mode, signed
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def make_world() -> Scene:
    return scene(critical=False, verified=False)


def older(made: Scene) -> None:
    """Have the business signed under words that do not name broken glass."""
    signed_under_the_first_words(SharingAgreement.objects.get(registrant=made.registrant))


def unchosen(made: Scene) -> None:
    """Have the owner leave the line of the rule unticked."""
    set_mode(made.camera, "incident")


REFUSED = pytest.mark.parametrize(
    ("change", "condition", "sentence"),
    [(older, "glass agreement", OLDER_WORDS), (unchosen, "glass", NOT_CHOSEN)],
)


@REFUSED
@pytest.mark.parametrize("verified", [True, False])
def test_glass_shows_no_camera_without_both(
    world: Scene, change: Callable[[Scene], None], condition: str, sentence: str, *, verified: bool
) -> None:
    if verified:
        world.verify()
    change(world)
    glass_of(world)
    with pytest.raises(ViewRefused, match=str(sentence)[:60]) as refused:
        world.view()
    assert refused.value.condition == condition
    page = sign_in(world.deputy).get(reverse("incident_live", args=[world.incident.pk])).text
    assert escape(str(sentence)) in page
    with pytest.raises(DatabaseError, match="whose signed agreement and rule allow it"):
        insert(world, ends_at=timezone.now() + timedelta(minutes=20))


@REFUSED
def test_a_view_under_glass_ends_when_the_owner_no_longer_allows_it(
    world: Scene, change: Callable[[Scene], None], condition: str, sentence: str
) -> None:
    glass_of(world)
    view = world.view()
    assert checked(view)
    change(world)
    decisions.forget([view.pk])
    assert (checked(view).name, checked(view).sentence) == (condition, str(sentence))


@REFUSED
def test_a_supervisors_word_needs_neither(
    world: Scene, change: Callable[[Scene], None], condition: str, sentence: str
) -> None:
    world.verify()
    change(world)
    world.declare()
    assert checked(world.view()), (condition, sentence)


def test_the_line_is_chosen_on_the_rules_page_and_off_before() -> None:
    made = scene(critical=False, glass=False)
    client = sign_in(made.owner)
    address = reverse("sharing_rule", args=[made.camera.pk])
    page = client.get(address).text
    assert "two officers, no supervisor reached, half an hour" in page
    assert not ticked(page)
    client.post(address, {"mode": "incident", "allows_glass": "on"})
    assert ticked(client.get(address).text)
    assert "Broken glass, too" in client.get(reverse("own_sharing")).text
    assert "Broken glass, too" in client.get(reverse("sharing_history")).text
    glass_of(made)
    assert checked(made.view())


def test_older_words_get_one_sentence_on_every_page(world: Scene) -> None:
    world.verify()
    older(world)
    client, address = sign_in(world.owner), reverse("sharing_rule", args=[world.camera.pk])
    sentence = escape(str(OLDER_WORDS))
    page = client.get(address).text
    assert sentence in page
    assert not ticked(page)
    assert sentence in client.get(reverse("own_sharing")).text
    tried = client.post(address, {"mode": "incident", "allows_glass": "on"}).text
    assert sentence in tried
    signed(world.registrant)
    assert sentence not in client.get(reverse("own_sharing")).text


def test_nothing_is_chosen_before_the_words_are_signed_or_with_never(world: Scene) -> None:
    world.verify()
    world.declare()
    SharingAgreement.objects.update(revoked_at=timezone.now())
    with pytest.raises(ValidationError, match="Sign the sharing agreement first"):
        sharing.set_rule(camera=world.camera, by=world.owner, wish=Wish("incident", allows_glass=True))
    signed(world.registrant)
    assert not sharing.set_rule(camera=world.camera, by=world.owner, wish=Wish("never", allows_glass=True)).allows_glass


@pytest.mark.parametrize("verified", [True, False])
def test_the_owner_reads_by_badge_names_who_and_that_nobody_had_checked(world: Scene, *, verified: bool) -> None:
    if verified:
        world.verify()
    second = person(Role.DEPUTY)
    glass_of(world, second=second)
    view = world.view()
    views.end(grant=view, by=world.deputy)
    if not verified:
        incidents.verify(incident=world.incident, by=person(Role.SUPERVISOR))  # afterward it changes nothing
    said = str(kind_of(MessageKind.LIVE_VIEWED).build({"view": str(view.pk), "camera": "Door"})["glass"])
    opener, confirmer = world.deputy.pseudonym, second.pseudonym
    assert said.startswith(f"{opener} opened the incident and asked for broken glass, and {confirmer} confirmed it.")
    assert ("Nobody had checked the incident" in said) != verified
    client = sign_in(world.owner)
    for page in (reverse("looks"), reverse("sharing_rule", args=[world.camera.pk])):
        assert escape(said) in client.get(page).text


@pytest.mark.parametrize("role", [Role.DEPUTY, Role.SUPERVISOR])
def test_no_page_says_that_nobody_reached_the_supervisor_who_confirmed(role: Role) -> None:
    made, second = scene(critical=False, verified=False), person(role)
    asked = services.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
    page = sign_in(second).get(reverse("glass_confirm", args=[asked.pk])).text
    assert ("you can verify the incident and declare it critical" in page) == (role == Role.SUPERVISOR)
    made.declaration = services.break_glass(declaration=asked, by=second)
    views.end(grant=made.view(), by=made.deputy)
    said = sign_in(made.owner).get(reverse("looks")).text
    assert f"{second.pseudonym} confirmed it. Nobody had checked the incident before." in said
    assert "No supervisor" not in said


def test_the_person_who_opened_is_named_in_any_case() -> None:
    names = {"asked_by": "A", "confirmed_by": "C", "unchecked": 1}
    assert through_glass({**names, "opened_by": "C"}).startswith("C opened the incident and confirmed")
    assert through_glass({**names, "opened_by": "O"}).startswith("O opened the incident, A asked")
    assert through_glass({**names, "opened_by": ""}).startswith("Our dispatch center sent the incident")
    assert through_glass({"view": "1"}) == ""


@pytest.mark.parametrize("address", ["glass_ask", "glass_confirm"])
def test_officers_read_which_cameras_glass_shows(world: Scene, address: str) -> None:
    client, thing = sign_in(world.deputy), world.incident.pk
    if address == "glass_confirm":
        thing = services.ask_for_glass(incident=world.incident, by=world.deputy, reason=REASON).pk
        client = sign_in(person(Role.DEPUTY))
    assert "and chose it in the rule of the camera" in client.get(reverse(address, args=[thing])).text


def ticked(page: str) -> bool:
    """Tell whether the line about broken glass is chosen."""
    field = page[page.index('name="allows_glass"') :].partition(">")[0]
    return " checked" in field
