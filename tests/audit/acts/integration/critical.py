"""Acts about declarations, broken glass and live views."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from audit.log.events import Event
from integration.critical import services as critical
from integration.critical.models import Declaration
from integration.live.services import gate, offers, views
from integration.live.video.connection import live
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.integration.critical.scenes import AGAIN, NETWORK, REASON, SESSION, THIRD, broken, scene
from tests.integration.critical.test_break_glass import WHY

LARGE_M = 900.0


@calls(critical.declare_critical, Event.CRITICAL_DECLARED)
def declare() -> Act:
    """A supervisor declares an incident critical."""
    made = scene(critical=False)
    return lambda: critical.declare_critical(incident=made.incident, by=made.supervisor, reason=REASON)


@calls(critical.second_declaration, Event.CRITICAL_SECONDED)
def second() -> Act:
    """Another one confirms a large circle."""
    waits, by = scene(critical=False).declare(radius_m=LARGE_M), person("supervisor")
    return lambda: critical.second_declaration(declaration=waits, by=by)


@calls(critical.decline_declaration, Event.CRITICAL_NOT_SECONDED)
def decline() -> Act:
    """Or does not."""
    waits, by = scene(critical=False).declare(radius_m=LARGE_M), person("supervisor")
    return lambda: critical.decline_declaration(declaration=waits, by=by)


@calls(critical.renew_declaration, Event.CRITICAL_RENEWED)
def renew() -> Act:
    """It is declared again."""
    made = scene()
    declared = Declaration.objects.get(incident=made.incident)
    return lambda: critical.renew_declaration(declaration=declared, by=made.supervisor, reason=AGAIN)


@calls(critical.end_declaration, Event.CRITICAL_ENDED)
def end() -> Act:
    """It ends."""
    made = scene()
    declared = Declaration.objects.get(incident=made.incident)
    return lambda: critical.end_declaration(declaration=declared, by=made.deputy)


@calls(critical.end_due_declarations, Event.CRITICAL_NOT_SECONDED)
def end_due() -> Act:
    """Nobody confirms it for half an hour."""
    scene(critical=False).declare(radius_m=LARGE_M)

    def later() -> int:
        with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
            return critical.end_due_declarations()

    return later


@calls(critical.ask_for_glass, Event.GLASS_ASKED)
def ask() -> Act:
    """Somebody who works on it asks to break the glass."""
    made = scene(critical=False)
    return lambda: critical.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)


@calls(critical.read_question, Event.INCIDENT_VIEWED)
def read() -> Act:
    """Somebody else reads what they are asked."""
    made = scene(critical=False)
    asked = critical.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
    other = person("deputy")
    return lambda: critical.read_question(declaration=asked, by=other)


@calls(critical.break_glass, Event.GLASS_BROKEN)
def confirm() -> Act:
    """A second one does."""
    made = scene(critical=False)
    asked = critical.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
    other = made.colleague()
    return lambda: critical.break_glass(declaration=asked, by=other)


@calls(critical.justify_glass, Event.GLASS_JUSTIFIED)
def justify() -> Act:
    """One of the two writes why."""
    made = scene(critical=False)
    glass = broken(made)
    return lambda: critical.justify_glass(declaration=glass, by=made.deputy, text=WHY)


@calls(critical.flag_overdue_glass, Event.GLASS_OVERDUE)
def flag_overdue() -> Act:
    """Nobody wrote why."""
    glass = broken(scene(critical=False))
    Declaration.objects.filter(pk=glass.pk).update(justify_by=timezone.now() - timedelta(minutes=1))
    return critical.flag_overdue_glass


@calls(offers.show, Event.VIEW_OFFERED)
def show() -> Act:
    """A deputy looks at what can be seen."""
    made = scene()
    return lambda: offers.show(incident=made.incident, by=made.deputy)


@calls(views.start, Event.VIEW_STARTED)
def start() -> Act:
    """A deputy begins to see a camera."""
    made = scene()
    return lambda: views.start(
        incident=made.incident,
        camera=made.camera,
        by=made.deputy,
        reason=REASON,
        network=NETWORK,
        session=SESSION,
    )


@calls(views.extend, Event.VIEW_EXTENDED)
def extend() -> Act:
    """And goes on."""
    made = scene()
    view = made.view()
    return lambda: views.extend(grant=view, by=made.deputy, reason=AGAIN)


@calls(views.watch, Event.VIEW_WATCHED)
def watch() -> Act:
    """A minute begins."""
    view = scene().view()
    return lambda: views.watch(grant=view)


@calls(views.end, Event.VIEW_ENDED)
def end_view() -> Act:
    """The deputy stops."""
    made = scene()
    view = made.view()
    return lambda: views.end(grant=view, by=made.deputy)


@calls(views.stop, Event.VIEW_ENDED)
def stop_view() -> Act:
    """A supervisor ends somebody's view."""
    made = scene()
    view = made.view()
    return lambda: views.stop(grant=view, by=made.supervisor, reason=THIRD)


@calls(views.sweep, Event.VIEW_ENDED)
def sweep() -> Act:
    """Its page is gone."""
    scene().view()
    live().flushdb()
    return views.sweep


@calls(gate.note_refusal, Event.VIEW_REFUSED)
def note() -> Act:
    """A page is refused."""
    made = scene()
    view = made.view()
    return lambda: gate.note_refusal("pause", by=made.deputy, view=view.pk)


@calls(gate.note_refusal_before, Event.VIEW_REFUSED)
def note_before() -> Act:
    """A view is refused before it begins."""
    made = scene()
    return lambda: gate.note_refusal_before("pause", by=made.deputy, camera=made.camera, incident=made.incident)
