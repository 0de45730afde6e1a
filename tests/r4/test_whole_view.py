"""R4: whatever people of the agency can open and do looks the same whether an owner declined or never answered.

Two stories begin in one and the same world and differ in one thing: an owner says "rather not", or does nothing.
A walk opens, sends and does all that somebody may, as each role but the auditor's, and what it sees is compared:
status, headers, text with its order and its counts, each query without its values, what is written to people of the
agency, what comes of each act minutes later, and how long it takes. Whatever tells the two apart fails.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine

from fusus_portal.ground.accounts.models import User
from tests.r4.comparing import differing, slower, story, told_apart
from tests.r4.reached import refused, unreached
from tests.r4.stories import STORIES, told
from tests.r4.walk import FIELD, OUTSIDE, ROLES, console_of, queries_of
from tests.r4.world import (
    BEGINNING,
    World,
    begin_and_decline,
    build,
    decline,
    give_clip,
    ignore,
    in_turn,
    look,
    look_at_clip,
    open_and_leave,
    say_none,
)

CHECKOUT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db

ABOUT_REQUESTS = frozenset(
    {"canvass", "canvass_withdraw", "incident", "incident_close", "incident_clips", "clip_ask", "incident_live"}
)
"""Pages with the acts that reach an owner who was asked; those of all others are done in the long tests."""


@pytest.fixture
def asked_by_clip(deputy: User, supervisor: User, clerk: User, administrator: User) -> World:
    """Return a world in which the deciding owner was first asked for a clip."""
    people = {"deputy": deputy, "supervisor": supervisor, "clerk": clerk, "administrator": administrator}
    with time_machine.travel(BEGINNING, tick=False):
        return build(people, by_clip=True)


@pytest.mark.parametrize("role", [*FIELD, OUTSIDE])
def test_no_page_of_the_console_tells_rather_not_from_silence(world: World, role: str) -> None:
    compared = told_apart(world, role, only=console_of(role), sends=False)
    assert compared.differences == {}
    assert unreached(compared.walk) == set()


def test_no_act_of_a_deputy_tells_them_apart(world: World) -> None:
    compared = told_apart(world, "deputy", only=ABOUT_REQUESTS)
    assert compared.differences == {}
    done = {"canvass_send", "canvass_withdraw", "canvass_close", "clip_ask", "incident_close", "live_start"}
    assert done <= compared.walk.accepted


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_no_address_and_no_act_tells_them_apart(world: World, role: str) -> None:
    compared = told_apart(world, role, empties=True)
    assert compared.differences == {}
    assert unreached(compared.walk) == set()
    assert role not in FIELD or refused(compared.walk) & console_of(role) == set()
    assert slower(compared.walk) == {}


@pytest.mark.long
@pytest.mark.parametrize("chapter", STORIES)
def test_nor_does_what_happens_later(world: World, chapter: str) -> None:
    declined, silent = (story(world, answer, lambda: told(world, chapter)) for answer in (decline, ignore))
    assert differing(declined, silent) == {}


@pytest.mark.long
def test_nor_does_an_owner_who_looks_and_one_who_begins_to_send(world: World) -> None:
    chapter = "it is closed after the first reminder"
    answers = (ignore, open_and_leave, begin_and_decline)
    silent, looked, begun = (story(world, answer, lambda: told(world, chapter)) for answer in answers)
    assert differing(silent, looked) == {}
    assert differing(silent, begun) == {}


@pytest.mark.long
def test_nor_does_one_who_was_first_asked_for_a_clip(asked_by_clip: World) -> None:
    assert told_apart(asked_by_clip, "deputy", only=console_of("deputy")).differences == {}


@pytest.mark.long
def test_a_clip_that_is_given_after_a_rather_not_reads_as_the_first_answer(asked_by_clip: World) -> None:
    pages = frozenset({"canvass", "canvass_replies", "incident", "incident_clips", "incident_story"})
    one = in_turn(decline, give_clip)
    compared = told_apart(asked_by_clip, "deputy", only=pages, sends=False, one=one, other=give_clip)
    assert compared.differences == {}


def test_an_answer_that_is_told_does_not_look_like_silence(world: World) -> None:
    """The comparison sees what differs: "no footage" is told, and found, with the mail that tells it."""
    pages = frozenset({"canvass", "canvass_replies", "incident"})
    compared = told_apart(world, "deputy", only=pages, sends=False, one=say_none)
    assert compared.names == pages
    told = compared.differences.values()
    signs = ("footage_reply", "No footage", " replied")
    assert all(any(sign in explained for sign in signs) for explained in told)


def test_a_rather_not_that_became_another_answer_was_never_there(world: World) -> None:
    pages = frozenset({"canvass", "canvass_replies", "incident", "incident_story", "incident_clips"})
    compared = told_apart(world, "deputy", only=pages, sends=False, one=in_turn(decline, say_none), other=say_none)
    assert compared.differences == {}


@pytest.mark.parametrize("answer", [look, in_turn(look, decline)])
def test_a_file_that_was_looked_at_and_not_given_is_nowhere(world: World, answer: Callable[[World], None]) -> None:
    pages = frozenset({"canvass", "canvass_replies", "incident", "incident_replies", "incident_story", "evidence_list"})
    compared = told_apart(world, "deputy", only=pages, sends=False, one=answer)
    assert compared.differences == {}


@pytest.mark.parametrize("answer", [look_at_clip, in_turn(look_at_clip, decline)])
def test_a_clip_that_was_looked_at_and_not_given_is_nowhere(
    asked_by_clip: World, answer: Callable[[World], None]
) -> None:
    pages = ABOUT_REQUESTS | {"canvass_replies", "incident_replies", "incident_story", "evidence_list", "live"}
    for role in FIELD:
        compared = told_apart(asked_by_clip, role, only=pages & console_of(role), sends=False, one=answer)
        assert compared.differences == {}


@pytest.mark.long
def test_nor_does_any_act_or_time_tell_that_a_clip_was_looked_at(asked_by_clip: World) -> None:
    compared = told_apart(asked_by_clip, "deputy", only=console_of("deputy"), one=in_turn(look_at_clip, decline))
    assert compared.differences == {}
    assert slower(compared.walk) == {}


@pytest.mark.long
@pytest.mark.parametrize("chapter", STORIES)
def test_nor_does_the_look_at_a_clip_show_later(asked_by_clip: World, chapter: str) -> None:
    answers = (in_turn(look_at_clip, decline), ignore)
    looked, silent = (story(asked_by_clip, answer, lambda: told(asked_by_clip, chapter)) for answer in answers)
    assert differing(looked, silent) == {}


@pytest.mark.long
@pytest.mark.parametrize("chapter", STORIES)
def test_nor_does_it_show_later(world: World, chapter: str) -> None:
    answers = (in_turn(decline, say_none), say_none)
    changed, first = (story(world, answer, lambda: told(world, chapter)) for answer in answers)
    assert differing(changed, first) == {}


def test_the_shop_knows_nothing_of_requests() -> None:
    """Its orders, parcels and returns are not part of the world that is walked."""
    code = [path.read_text(encoding="utf-8") for path in (CHECKOUT / "shop").rglob("*.py")]
    assert code
    assert not [text for text in code if "FootageRequest" in text or "RequestState" in text]


def test_the_walk_follows_each_narrowing_that_a_page_offers() -> None:
    page = (
        '<a href="?page=2&amp;x=1">Next</a><a href="/here/?kind=a">A</a><a href="/there/?kind=b">B</a>'
        '<form method="get"><select id="s" name="state"><option value="">All</option><option value="kept">Kept</option>'
        '</select></form><form method="post"><select name="no"><option value="1">1</option></select></form>'
    )
    assert queries_of(page, "/here/") == ["kind=a", "page=2&x=1", "state=kept"]
