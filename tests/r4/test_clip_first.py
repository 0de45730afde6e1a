"""R4, where the deciding owner was first asked for a clip: neither "rather not" nor their look at it shows."""

from functools import partial

import pytest

from tests.r4.comparing import differing, looked_at, slower, story, told_apart
from tests.r4.stories import SHORT, told
from tests.r4.walk import ABOUT_REQUESTS, FIELD, NOTHING, console_of
from tests.r4.world import World, decline, first_world, give_clip, ignore, in_turn, look_at_clip

pytestmark = pytest.mark.django_db
make_world = partial(first_world, by_clip=True)


@pytest.mark.long
def test_a_clip_that_is_given_after_a_rather_not_reads_as_the_first_answer(world: World) -> None:
    pages = frozenset({"canvass", "canvass_replies", "incident", "incident_clips", "incident_story"})
    one = in_turn(decline, give_clip)
    compared = told_apart(world, "deputy", only=pages, sent_from=NOTHING, one=one, other=give_clip)
    assert compared.differences == {}


def test_a_clip_that_was_looked_at_and_not_given_is_nowhere(world: World) -> None:
    pages = ABOUT_REQUESTS | {"canvass_replies", "incident_replies", "incident_story", "evidence_list", "live"}
    answers = (ignore, look_at_clip, in_turn(look_at_clip, decline))
    silent, looked, declined = (story(world, answer, lambda: looked_at(world, FIELD, pages)) for answer in answers)
    assert {key[-1] for key in silent} == {*FIELD}
    assert differing(silent, looked) == {}
    assert differing(silent, declined) == {}


@pytest.mark.long
def test_no_act_and_no_time_tells_that_a_clip_was_looked_at_and_declined(world: World) -> None:
    compared = told_apart(world, "deputy", only=console_of("deputy"), one=in_turn(look_at_clip, decline))
    assert compared.differences == {}
    assert slower(compared) == {}


@pytest.mark.long
@pytest.mark.parametrize("chapter", SHORT)
def test_nor_does_the_look_at_a_clip_show_later(world: World, chapter: str) -> None:
    answers = (in_turn(look_at_clip, decline), ignore)
    looked, silent = (story(world, answer, lambda: told(world, chapter, roles=["deputy"])) for answer in answers)
    assert differing(looked, silent) == {}
