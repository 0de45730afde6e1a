"""Answers on the page of questions: for each promise the answer in force, and the one before or after it."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal import promises
from fusus_portal.ground.agency import hooks, selectors
from fusus_portal.ground.agency.hooks import Words
from fusus_portal.ground.agency.models import PROMISES
from fusus_portal.ground.agency.presenters import day_of
from fusus_portal.promises import Promise, Topic
from registry.people.extensions import everybody


def register() -> None:
    """Have a change of promises announced to everybody in the registry before it takes effect."""
    title = gettext_lazy("Our promises")
    hooks.words.register(Words(PROMISES, title, everybody, _news, promises.NUMBER, page="faq"))


def by_topic() -> list[tuple[Topic, list[tuple[Promise, str, str]]]]:
    """Return each topic's promises, with the answer in force and a former or coming one with its date, or ""."""
    told = list(selectors.announced(PROMISES))
    number = next((each.number for each in told if each.is_in_force), 1)
    days = {each.number: each.holds_from for each in told}
    return [(topic, [_answered(each, number, days) for each in found]) for topic, found in promises.by_topic()]


def _answered(promise: Promise, number: int, days: Mapping[int, datetime]) -> tuple[Promise, str, str]:
    answer = str(promise.answered(number))
    if promise.since == 1 or (promise.since > number and promise.since not in days):
        return promise, answer, ""
    if promise.since > number:
        words, other = _("From %(day)s on the answer is, by version %(number)d: “%(words)s”"), promise.answer
    else:
        words, other = _("Since %(day)s, by version %(number)d. Before, the answer was: “%(words)s”"), promise.before
    said = {"day": day_of(days[promise.since]), "number": promise.since, "words": other}
    return promise, answer, words % said


def _news(number: int) -> list[str]:
    return [f"{promise.question} {promise.answer}" for promise in promises.changed_with(number)]
