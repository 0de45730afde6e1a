"""Two stories of one world side by side: an owner declines in the one and does not answer in the other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import unified_diff
from functools import partial
from typing import Any

import time_machine

from tests.r4.looking import Seen
from tests.r4.walk import NOTHING, Key, Walk, console_of, viewer_of
from tests.r4.world import AN_HOUR_LATER, ANSWERED, World, decline, ignore, undone

Answer = Callable[[World], None]
Shown = dict[Key, Seen]

MARGIN = 0.1
"""Seconds by which the times may differ: the machine does other things too."""

TURNS, TRIES = 3, 3


@dataclass(frozen=True)
class Comparison:
    """Differences between two stories, by what was visited; what the owner did in each, and the walks through them."""

    differences: dict[Key, str]
    answers: tuple[Answer, Answer]
    walk: Walk
    other: Walk

    @property
    def names(self) -> set[str]:
        """The addresses that differ, or the acts after which something does."""
        return {key[0] for key in self.differences}


def told_apart(world: World, role: str, *, one: Answer = decline, other: Answer = ignore, **options: Any) -> Comparison:
    """Walk through two stories an hour after the canvass, and return what differs. options: of the walk."""
    first, second = (Walk(world, role, **options) for _story in range(2))
    shown = [story(world, answer, partial(_an_hour_later, walk)) for answer, walk in ((one, first), (other, second))]
    return Comparison(differing(*shown), (one, other), first, second)


def looked_at(world: World, roles: Iterable[str], pages: frozenset[str]) -> Shown:
    """Return what people of each role see of pages an hour after the canvass, when they send nothing."""
    with time_machine.travel(AN_HOUR_LATER, tick=False):
        walks = [Walk(world, role, only=pages & console_of(role), sent_from=NOTHING).run() for role in roles]
    return {(*key, walk.role): seen for walk in walks for key, seen in walk.seen.items()}


def story(world: World, answer: Answer, walking: Callable[[], Shown]) -> Shown:
    """Return what people of the agency see of one story, and undo it."""
    with undone():
        with time_machine.travel(ANSWERED, tick=False):
            answer(world)
        return walking()


def differing(told: Shown, silent: Shown) -> dict[Key, str]:
    """Return what two stories show differently: what was visited, and the first lines that are not the same."""
    differ = [key for key in {**told, **silent} if told.get(key) != silent.get(key)]
    return {key: _explained(told.get(key), silent.get(key)) for key in differ}


def slower(compared: Comparison) -> dict[Key, float]:
    """Return what takes longer in one story than in the other, in seconds, of all that was visited alike.

    What took longer in the walks by more than the margin is measured in turns, the shortest times are compared, since
    others at work only add to them, and it counts when the same story takes longer each time.
    """
    walk, seen = compared.walk, compared.other.seen
    found = {key: walk.seen[key].took - seen[key].took for key in walk.visits}
    for _try in range(TRIES):
        found = {key: seconds for key, seconds in found.items() if abs(seconds) > MARGIN}
        if not found:
            break
        turns = [_turn(compared, set(found), number) for number in range(TURNS)]
        first, second = ({key: min(turn[each][key].took for turn in turns) for key in found} for each in range(2))
        longer = {key: first[key] - second[key] for key in found}
        found = {key: seconds for key, seconds in longer.items() if (seconds > 0) == (found[key] > 0)}
    return {key: seconds for key, seconds in found.items() if abs(seconds) > MARGIN}


def _turn(compared: Comparison, keys: set[Key], number: int) -> dict[int, Shown]:
    """Visit once more what was visited, in both stories; every other time the other one begins."""
    walk, answers = compared.walk, compared.answers
    order = (0, 1) if number % 2 else (1, 0)
    return {each: story(walk.world, answers[each], partial(_visit_again, walk, keys)) for each in order}


def _visit_again(walk: Walk, keys: set[Key]) -> Shown:
    with time_machine.travel(AN_HOUR_LATER, tick=False):
        viewer = viewer_of(walk.world, walk.role)
        shown = {}
        for key in keys:
            with viewer.unchanged():
                shown[key] = viewer.does(walk.visits[key].of(viewer.view, instead_of=walk.viewer.view))
    return shown


def _an_hour_later(walk: Walk) -> Shown:
    with time_machine.travel(AN_HOUR_LATER, tick=False):
        return walk.run().seen


def _explained(one: Seen | None, other: Seen | None) -> str:
    left, right = (str(seen).replace("\\n", "\n").splitlines() for seen in (one, other))
    return "\n".join(list(unified_diff(left, right, lineterm="", n=0))[:20])
