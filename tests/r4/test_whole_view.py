"""R4: whatever people of the agency can open and do looks the same whether an owner declined or never answered.

Two stories begin in one and the same world and differ in one thing: an owner says "rather not", or does nothing.
A walk opens, sends and does all that somebody may, as each role but the auditor's, and what it sees is compared:
status, headers, text with its order and its counts, each query without its values, what is written to people of the
agency, what comes of each act minutes later, and how long it takes. Whatever tells the two apart fails.
"""

from pathlib import Path

import pytest

from tests.r4.comparing import differing, looked_at, slower, story, told_apart
from tests.r4.reached import refused, unreached
from tests.r4.stories import SHORT, STORIES, told
from tests.r4.walk import ABOUT_REQUESTS, FIELD, NOTHING, ROLES, TABS, console_of, queries_of
from tests.r4.world import (
    World,
    begin_and_decline,
    decline,
    first_world,
    ignore,
    in_turn,
    look,
    open_and_leave,
    say_none,
)

CHECKOUT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db
make_world = first_world


def test_no_page_of_a_deputy_tells_rather_not_from_silence(world: World) -> None:
    """The long tests walk them as all roles."""
    compared = told_apart(world, "deputy", only=console_of("deputy"), sent_from=NOTHING)
    assert compared.differences == {}
    assert unreached(compared.walk) == set()


def test_no_act_of_a_deputy_tells_them_apart(world: World) -> None:
    """The long tests read more pages after each act."""
    compared = told_apart(world, "deputy", only=ABOUT_REQUESTS, telling=(*TABS, "incident_clips", "canvass"))
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
    assert slower(compared) == {}


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


def test_an_answer_that_is_told_does_not_look_like_silence(world: World) -> None:
    """The comparison sees what differs: "no footage" is told, and found, with the mail that tells it."""
    pages = frozenset({"canvass", "canvass_replies", "incident", "incident_canvasses", "incident_log"})
    compared = told_apart(world, "deputy", only=pages, sent_from=NOTHING, one=say_none)
    assert compared.names == pages
    told = compared.differences.values()
    signs = ("footage_reply", "No footage", " replied")
    assert all(any(sign in explained for sign in signs) for explained in told)


def test_a_rather_not_that_became_another_answer_was_never_there(world: World) -> None:
    pages = frozenset({"canvass", "canvass_replies", *TABS, "incident_story", "incident_clips"})
    compared = told_apart(
        world, "deputy", only=pages, sent_from=NOTHING, one=in_turn(decline, say_none), other=say_none
    )
    assert compared.differences == {}


def test_a_file_that_was_looked_at_and_not_given_is_nowhere(world: World) -> None:
    pages = frozenset({"canvass", "canvass_replies", *TABS, "incident_replies", "incident_story", "evidence_list"})
    answers = (ignore, look, in_turn(look, decline))
    silent, looked, declined = (story(world, answer, lambda: looked_at(world, ["deputy"], pages)) for answer in answers)
    assert {key[0] for key in silent} == pages
    assert differing(silent, looked) == {}
    assert differing(silent, declined) == {}


@pytest.mark.long
@pytest.mark.parametrize("chapter", SHORT)
def test_nor_does_it_show_later(world: World, chapter: str) -> None:
    answers = (in_turn(decline, say_none), say_none)
    changed, first = (story(world, answer, lambda: told(world, chapter, roles=["deputy"])) for answer in answers)
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
