"""A waiting declaration is confirmed or dropped, one in force is renewed or ended, and each once."""

from collections.abc import Callable

import pytest

from fusus_portal.ground.lifecycle import Stale
from integration.critical import services
from integration.critical.models import Declaration
from registry.incidents.services import incidents
from tests.factories import person
from tests.integration.critical.scenes import AGAIN, REASON, Scene, broken, scene

pytestmark = pytest.mark.django_db

WAITS_NO_MORE, NOT_CRITICAL = "does not wait for a second person any more", "not declared critical any more"
CONFIRMED = "confirmed this already"


def large(made: Scene) -> Declaration:
    """Ask a second supervisor for a large circle."""
    return made.declare(radius_m=900)


def declined(made: Scene) -> Declaration:
    """Ask for a large circle, and drop the question."""
    return services.decline_declaration(declaration=large(made), by=made.supervisor)


def glass(made: Scene) -> Declaration:
    """Ask somebody else to break the glass."""
    return services.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)


def glass_of_what_is_critical(made: Scene) -> Declaration:
    """Ask to break the glass before a supervisor declares the incident critical."""
    asked = glass(made)
    made.declare(reason=AGAIN)
    return asked


def closed(made: Scene) -> Declaration:
    """Declare the incident critical, and close it."""
    declared = made.declare()
    incidents.close(incident=made.incident, by=made.supervisor)
    return declared


def second(made: Scene, declared: Declaration) -> object:
    return services.second_declaration(declaration=declared, by=person("supervisor"))


def decline(made: Scene, declared: Declaration) -> object:
    return services.decline_declaration(declaration=declared, by=made.supervisor)


def renew(made: Scene, declared: Declaration) -> object:
    return services.renew_declaration(declaration=declared, by=made.supervisor, reason=AGAIN)


def end(made: Scene, declared: Declaration) -> object:
    return services.end_declaration(declaration=declared, by=made.deputy)


def confirm(made: Scene, declared: Declaration) -> object:
    return services.break_glass(declaration=declared, by=made.colleague())


@pytest.mark.parametrize(
    ("before", "act", "said"),
    [
        (Scene.declare, second, CONFIRMED),
        (glass, second, WAITS_NO_MORE),
        (large, confirm, WAITS_NO_MORE),
        (declined, second, WAITS_NO_MORE),
        (Scene.declare, decline, CONFIRMED),
        (declined, decline, WAITS_NO_MORE),
        (broken, confirm, CONFIRMED),
        (glass_of_what_is_critical, confirm, "declared critical already"),
        (large, end, NOT_CRITICAL),
        (declined, end, NOT_CRITICAL),
        (large, renew, NOT_CRITICAL),
        (closed, renew, "is closed"),
    ],
)
def test_too_late_says_why(
    before: Callable[[Scene], Declaration], act: Callable[[Scene, Declaration], object], said: str
) -> None:
    made = scene(critical=False)
    declared = before(made)
    with pytest.raises(Stale, match=said):
        act(made, declared)
