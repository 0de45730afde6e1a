"""Promises of the agency to the public, on the page of questions, with the code that keeps each and tests of it."""

from fusus_portal.promises.beyond import BEYOND
from fusus_portal.promises.integration import INTEGRATION
from fusus_portal.promises.promise import Promise, Topic
from fusus_portal.promises.registry import REGISTRY

__all__ = ["NUMBER", "PROMISES", "Promise", "Topic", "by_topic", "changed_with"]

PROMISES: tuple[Promise, ...] = (*REGISTRY, *INTEGRATION, *BEYOND)

NUMBER = 2
"""Latest version of the promises. To change an answer, raise this number and keep the old answer in `before`."""


def changed_with(number: int) -> list[Promise]:
    return [promise for promise in PROMISES if promise.since == number > 1]


def by_topic() -> list[tuple[Topic, list[Promise]]]:
    return [(topic, [promise for promise in PROMISES if promise.topic is topic]) for topic in Topic]
