"""What the agency promises the public, and what in the code keeps each promise.

The page of questions is rendered from this table. A repository test fails when a promise names no
control, no test, or one that is not there.
"""

from fusus_portal.promises.beyond import BEYOND
from fusus_portal.promises.integration import INTEGRATION
from fusus_portal.promises.registry import REGISTRY
from fusus_portal.promises.terms import Promise, Topic

__all__ = ["NUMBER", "PROMISES", "Promise", "Topic", "by_topic", "changed_with"]

PROMISES: tuple[Promise, ...] = (*REGISTRY, *INTEGRATION, *BEYOND)

NUMBER = 2
"""The latest version of the promises. Whoever changes an answer counts it up, and keeps the words `before`."""


def changed_with(number: int) -> list[Promise]:
    """Return the promises whose answer is another one since a version."""
    return [promise for promise in PROMISES if promise.since == number > 1]


def by_topic() -> list[tuple[Topic, list[Promise]]]:
    """Return the topics in the order people ask, each with its promises."""
    return [(topic, [promise for promise in PROMISES if promise.topic is topic]) for topic in Topic]
