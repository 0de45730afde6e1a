"""Each flag says what stands out, with its numbers."""

import pytest

from fusus_portal.oversight.review.flags import live_views, searches
from fusus_portal.oversight.review.flags.kinds import FACT_WORDS, SENTENCES, FlagKind, sentence_of
from tests.oversight.review.acts import from_dispatch, look, own


def test_every_kind_has_a_sentence() -> None:
    assert set(SENTENCES) == set(FlagKind)


def test_short_words_are_said_as_people_read_them() -> None:
    row = {"what": "view", "pseudonym": "Deputy one", "times": 4, "entries": [1]}
    [flag] = live_views.repeated_extensions([row])
    assert sentence_of(flag.kind, flag.facts) == "Extended 4 times: a live view."
    glass = sentence_of(FlagKind.GLASS, {"justification": "overdue"})
    assert glass == "The glass was broken. Its justification: overdue."


def test_the_three_ways_to_search_without_a_call_are_told_apart() -> None:
    made = [look(number) for number in range(20)]
    known = {each.incident: own() for each in made[:10]} | {each.incident: from_dispatch() for each in made[10:]}
    others = [look(each.entry, person="two") for each in made[10:]]
    [own_flag] = searches.openers_without_dispatch([*made[:10], *others], known)
    [office] = searches.office_without_call(made, 40)
    [person] = searches.people_without_call(made)
    said = [sentence_of(flag.kind, flag.facts) for flag in (person, office, own_flag)]
    assert said[0] == "Searches for incidents that neither dispatch nor a supervisor confirmed: 20."
    assert said[1].startswith("Of the week's searches and views, 50 percent were")
    assert said[2].startswith("Of 10 searches of the week, 10 were")


@pytest.mark.parametrize("sign", ["in_turn", "places", "hours"])
def test_the_sign_of_a_shared_account_is_named(sign: str) -> None:
    said = sentence_of(FlagKind.SHARED_ACCOUNT, {"sign": sign, "number": 3, "sign_ins": 2})
    assert said.startswith(str(FACT_WORDS[sign]))
