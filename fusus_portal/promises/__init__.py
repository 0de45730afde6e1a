"""What the agency promises the public, and what in the code keeps each promise.

The page of questions is rendered from this table. A repository test fails when a promise names no
control, no test, or one that is not there.
"""

from fusus_portal.promises.beyond import BEYOND
from fusus_portal.promises.integration import INTEGRATION
from fusus_portal.promises.registry import REGISTRY
from fusus_portal.promises.terms import Promise, Topic

__all__ = ["PROMISES", "Promise", "Topic", "by_topic"]

PROMISES: tuple[Promise, ...] = (*REGISTRY, *INTEGRATION, *BEYOND)


def by_topic() -> list[tuple[Topic, list[Promise]]]:
    """Return the topics in the order people ask, each with its promises."""
    return [(topic, [promise for promise in PROMISES if promise.topic is topic]) for topic in Topic]
