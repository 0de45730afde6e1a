"""The numbers of the weekly review, without those of its flags."""

from datetime import timedelta

from audit.log.events import Event

SAMPLE_SIZE = 20
"""How many acts of a week are drawn. A week that has fewer is taken whole."""

SAMPLED = (
    Event.CANVASS_DRAFTED,
    Event.CANVASS_CHANGED,
    Event.CANVASS_SENT,
    Event.VIEW_STARTED,
    Event.CLIP_ASKED,
    Event.EVIDENCE_VIEWED,
    Event.EVIDENCE_DOWNLOADED,
)
"""What is drawn from: searches, requests, live views, playing and downloads. Each leaves one entry of its event."""

SETTLED_AFTER = timedelta(minutes=10)
"""So long after its end a week is drawn: an act that began in it may still be committing."""

TIME_TO_REVIEW = timedelta(days=7)
"""A review is due when the week after it has ended as well: on the Monday that brings the next queue."""

MONTHS = 6
"""How many months a person is set beside their colleagues."""

LONGEST_TEXT = 1000
LONGEST_FOLLOW_UP = 300
SHOWN_WEEKS = 12
"""How many weeks the public page and the console list."""
