"""Numbers of the weekly review, without those of its flags."""

from datetime import timedelta

from audit.log.events import Event

SAMPLE_SIZE = 20
"""Acts drawn from a week. A week with fewer is taken whole."""

SAMPLED = (
    Event.CANVASS_DRAFTED,
    Event.CANVASS_CHANGED,
    Event.CANVASS_SENT,
    Event.VIEW_STARTED,
    Event.CLIP_ASKED,
    Event.EVIDENCE_VIEWED,
    Event.EVIDENCE_DOWNLOADED,
)
"""Acts to draw from: searches, requests, live views, playing and downloads. Each leaves one entry of its event."""

SETTLED_AFTER = timedelta(minutes=10)
"""A week is drawn this long after its end: an act that began in it may still be committing."""

TIME_TO_REVIEW = timedelta(days=7)
"""A review is due at the end of the following week: on the Monday that brings the next queue."""

MONTHS = 6
"""Months in which a person is compared with colleagues."""

LONGEST_TEXT = 1000
LONGEST_FOLLOW_UP = 300
SHOWN_WEEKS = 12
"""Weeks that the public page and the console list."""
