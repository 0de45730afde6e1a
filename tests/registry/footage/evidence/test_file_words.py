"""Sentences for deputies and owners about a file that was given, its request, and what keeps it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.policies import must_be_valid_request, must_take_answer
from registry.canvasses.presenters.owners import OwnFile, OwnRequest
from registry.canvasses.states import RequestState
from registry.footage import policies, presenters
from registry.footage.models import Evidence, LegalHold, RetentionCategory, Upload
from registry.footage.presenters import tag_of
from registry.footage.selectors import Filed
from registry.incidents.hooks import FootageWish, Others
from registry.incidents.models import Incident
from registry.places.models import Camera
from registry.registrants.models import Registrant

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
LATER, SECOND = NOW + timedelta(days=30), timedelta(seconds=1)
CANVASS = Canvass(starts_at=NOW, ends_at=NOW + timedelta(hours=1))


def file_of(*, upload: dict[str, Any] | None = None, **columns: Any) -> Evidence:
    """Return a file that is not saved."""
    usual: dict[str, Any] = {"state": "kept", "number": "E-7", "name": "porch.mp4", "kept_until": LATER}
    usual |= {"received_at": NOW, "category": RetentionCategory(name="Standard")}
    request = FootageRequest(canvass=CANVASS, incident=Incident(state="open"))
    return Evidence(upload=Upload(**(upload or {})), request=request, **{**usual, **columns})


@pytest.mark.parametrize(
    ("columns", "is_held", "to_deputies", "to_owner"),
    [
        ({}, False, ("Kept", "good"), ("Kept", "good")),
        ({}, True, ("Legal hold", "warn"), ("On hold", "warn")),
        ({"announced_at": NOW}, False, ("Deletion announced", "warn"), ("Kept", "good")),
        ({"state": "deleting"}, True, ("Being deleted", "quiet"), ("Being deleted", "quiet")),
        ({"state": "deleted"}, False, ("Deleted", "quiet"), ("Deleted", "quiet")),
    ],
)
def test_how_it_stands(
    columns: dict[str, Any], is_held: bool, to_deputies: tuple[str, str], to_owner: tuple[str, str]
) -> None:
    file = file_of(**columns)
    assert tag_of(Filed(file, is_held)) == to_deputies
    assert OwnFile(Filed(file, is_held)).tag == to_owner


@pytest.mark.parametrize(
    ("columns", "is_held", "said"),
    [
        ({}, False, "Kept until July 15, 2026. We tell you"),
        ({}, True, "Kept longer because of a legal hold: until July 15, 2026 at least"),
        ({"announced_at": NOW}, False, "It will be deleted on"),
        ({"announced_at": NOW}, True, "Kept longer because of a legal hold"),
        ({"state": "deleting"}, True, "Being deleted now"),
        ({"state": "deleted", "deleted_at": NOW}, True, "Deleted on June 15, 2026"),
    ],
)
def test_its_owner_reads_what_becomes_of_it(columns: dict[str, Any], is_held: bool, said: str) -> None:
    assert OwnFile(Filed(file_of(**columns), is_held)).became.startswith(said)


def test_its_owner_finds_it_by_name_or_number_and_by_camera() -> None:
    named = OwnFile(Filed(file_of(upload={"camera": Camera(name="Dock")}), is_held=False))
    assert (named.name, named.camera) == ("porch.mp4", "Dock")
    nameless = OwnFile(Filed(file_of(name=""), is_held=False))
    assert (nameless.name, nameless.camera) == ("E-7", "")


@pytest.mark.parametrize("state", RequestState)
def test_a_request_waits_or_says_what_became_of_it(state: RequestState) -> None:
    waiting = OwnRequest(FootageRequest(state=state, expires_at=NOW), waits=True, files=0, others=Others())
    over = OwnRequest(waiting.request, waits=False, files=0, others=Others())
    # After an answer a clip can wait: the answer stays what was said.
    assert (waiting.state == "Waits for your answer until June 15, 2026.") is (state == RequestState.SENT)
    assert (over.state == waiting.state) is (state != RequestState.SENT)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"evidence": Evidence(number="E-7")}, ("File E-7", "")),
        ({}, ("All footage of the incident", "")),
        (
            {"lifted_by": User(pseudonym="Supervisor B"), "lifted_at": LATER},
            ("All footage of the incident", "Supervisor B, July 15, 2026, 12:00 p.m. CDT"),
        ),
    ],
)
def test_what_a_hold_is_on_and_who_lifted_it(columns: dict[str, Any], said: tuple[str, str]) -> None:
    line = presenters.hold_line(LegalHold(placed_by=User(pseudonym="Supervisor A"), placed_at=NOW, **columns))
    assert line["placed"] == "Supervisor A, June 15, 2026, 12:00 p.m. CDT"
    assert (line["what"], line["lifted"]) == said


@pytest.mark.parametrize(
    ("starts_at", "said"),
    [
        (None, "Not said"),
        (CANVASS.starts_at, "June 15, 2026, 12:00 p.m. CDT"),
        (CANVASS.ends_at, "June 15, 2026, 1:00 p.m. CDT"),
        (CANVASS.starts_at - SECOND, "June 15, 2026, 11:59 a.m. CDT, outside the hours asked for"),
        (CANVASS.ends_at + SECOND, "June 15, 2026, 1:00 p.m. CDT, outside the hours asked for"),
    ],
)
def test_when_a_recording_starts(starts_at: datetime | None, said: str) -> None:
    assert presenters._start(file_of(upload={"starts_at": starts_at})) == said


def test_a_file_that_was_asked_for_by_name_starts_with_its_own_window() -> None:
    wish = FootageWish(CANVASS.ends_at + SECOND, CANVASS.ends_at + 2 * SECOND, "The door.")
    for starts_at in (None, wish.starts_at):
        assert presenters._start(file_of(upload={"starts_at": starts_at}), wish) == "June 15, 2026, 1:00 p.m. CDT"


@pytest.mark.parametrize(
    ("giver", "said"),
    [
        (None, "They have left the registry."),
        (Registrant(contact_way="mail", phone="205"), "By e-mail only."),
        (Registrant(contact_way="call", phone="205", hours="mornings"), "205, mornings"),
    ],
)
def test_how_to_ask_the_person_who_gave_it(giver: Registrant | None, said: str) -> None:
    assert presenters._reach(FootageRequest(registrant=giver)) == said


@pytest.mark.django_db
def test_its_facts_say_camera_and_end_where_there_are_any() -> None:
    facts = dict(presenters._facts(file_of()))
    assert facts["Camera"] == "Not said"
    assert "Deleted" not in facts
    gone = dict(presenters._facts(file_of(upload={"camera": Camera(name="Dock")}, deleted_at=NOW)))
    assert (gone["Camera"], gone["Deleted"]) == ("Dock", "June 15, 2026, 12:00 p.m. CDT")
    assert "Name" not in dict(presenters._facts(file_of(name="")))


@pytest.mark.parametrize(
    ("columns", "said"),
    [({}, ""), ({"announced_at": NOW}, "June 29, 2026"), ({"announced_at": NOW, "state": "deleted"}, "")],
)
def test_when_it_is_deleted_is_said_while_it_is_there(columns: dict[str, Any], said: str) -> None:
    assert bool(presenters._ending(file_of(**columns))) is bool(said)


def test_it_is_kept_longer_only_while_it_is_there() -> None:
    policies.must_be_kept(file_of())
    for state, words in (("deleting", "is being deleted"), ("deleted", "was deleted on June 15, 2026")):
        with pytest.raises(Stale, match=words):
            policies.must_be_kept(file_of(state=state, deleted_at=NOW))


@pytest.mark.parametrize(
    ("columns", "incident", "words"),
    [
        ({"expires_at": NOW + SECOND}, "open", ""),
        ({"expires_at": NOW}, "open", "This link has expired."),
        ({"expires_at": LATER, "state": "expired"}, "open", "This link has expired."),
        ({"expires_at": LATER, "state": "withdrawn"}, "open", "This request was withdrawn."),
        ({"expires_at": LATER}, "closed, and it may be taken back", ""),
        ({"expires_at": LATER}, "closed for good", "This incident is closed."),
    ],
)
def test_how_long_a_request_can_be_answered(columns: dict[str, Any], incident: str, words: str) -> None:
    settled = NOW if incident == "closed for good" else None
    about = Incident(state="open" if incident == "open" else "closed", settled_at=settled)
    request = FootageRequest(**{"state": "sent", "incident": about, **columns})
    if not words:
        must_be_valid_request(request, at=NOW)
        return
    with pytest.raises(Stale, match=words):
        must_be_valid_request(request, at=NOW)


@pytest.mark.parametrize("answer", ["footage", "none", "declined"])
@pytest.mark.parametrize("state", RequestState)
def test_which_answer_may_follow_which(state: RequestState, answer: str) -> None:
    later = {"sent": ["footage", "none", "declined"], "declined": ["footage", "none"], "none": ["footage"]}
    if answer in later.get(state, []):
        must_take_answer(FootageRequest(state=state), answer)
        return
    with pytest.raises(Stale, match="already answered"):
        must_take_answer(FootageRequest(state=state), answer)
