"""Numbers of the weekly review: for its sample and dates, and limits for its flags, each with its reason.

A flag is a question, never a verdict. The limits find the four scandals named in docs/decisions/audit/flags.md in their
first week, and give a hundred honest deputies fewer than ten cards a week (docs/performance.md has the rate). Nothing
here, and nothing that reads the log for it, depends on an owner's answer (promise R4).
"""

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
"""A review is due at the end of the following week: on the Monday on which the next one is drawn."""

MONTHS = 6
"""Months in which a person is compared with colleagues."""

LONGEST_TEXT = 1000
LONGEST_FOLLOW_UP = 300
SHOWN_WEEKS = 12
"""Weeks of review that the transparency page and the console list."""


FEW_WEEKS = timedelta(days=28)
""""Again and again" looks this far back: four weeks show an act that somebody does once or twice in each."""

OWN_MONTHS = timedelta(days=91)
"""A person's usual hours are those of the three months before: long enough for each shift of a rotation."""

ENTRIES_NAMED = 100
"""A flag names at most this many entries, the oldest: a person reads the card, and its facts have the whole number."""

# --- Without a call ---
NO_CALL_SEARCHES = 2
"""A person's searches and views in a week for incidents that closed unconfirmed by dispatch and supervisors. One such
incident is a flag already (closed unverified); two searches are the start of a habit."""

NO_CALL_SHARE = 0.1
NO_CALL_LEAST = 10
"""The office is flagged if a tenth of its searches and views in a week, and at least ten, had no call. In Austin's
scandal it was a fifth. Searches are confirmed as a rule, so an honest week stays below a twentieth."""

NO_CALL_OWN = 5
NO_CALL_OWN_SHARE = 0.5
DISPATCH_SHARE = 0.5
"""If at least half of a week's searches are for calls of dispatch, a person is flagged who searches for NO_CALL_OWN own
incidents that dispatch does not know, and for few others, even if supervisors confirmed each."""

# --- Hours ---
ODD_DAYS_KNOWN = 10
"""No hour counts as unusual for a person with fewer days of work in the three months before."""

ODD_SHARE = 0.05
"""An hour is unusual if the person worked then, and in the hours beside it, on a smaller share of their workdays."""

ODD_LOOKS = 2
"""Searches and views at unusual hours in a week. One is a late evening."""

FRESH_CALL = timedelta(hours=12)
"""A call of dispatch explains work at any hour for as long as the longest shift."""

# --- The same owner ---
SAME_OWNER_INCIDENTS = 4
SAME_OWNER_SEARCHES = 10
"""A person is flagged who found or viewed one owner's cameras in so many incidents, or searches, of four weeks."""

SAME_OWNER_SHARE = 0.5
"""Least share of a person's searches that found the owner. At a busy corner a deputy finds the shop in few of many."""

# --- Live views ---
LONG_VIEW_MINUTES = 180
"""Minutes of one camera, by one person, in a week. A declaration lasts four hours; a view begins with half an hour."""

LONG_VIEWS_MINUTES = 1_200
"""Minutes of all cameras together, by one person, in a week: nine on a page for more than two hours."""

EXTENDED_TIMES = 4
"""A view with this many extensions has lasted two hours longer than planned."""

RENEWED_TIMES = 3
"""A declaration with this many renewals has lasted for more than two shifts."""

# --- Near home ---
NEAR_HOME_INCIDENTS = 1
"""Incidents near their own home that a person opened in a week. Those of dispatch don't count: they may be anywhere."""

# --- Reasons ---
ALIKE = 90
"""Reasons are alike from this score (of 100), without numbers, case, accents and the order of words."""

SAME_REASON_INCIDENTS = 4
"""Incidents of four weeks that one person searched for with one reason. A series of break-ins is two or three."""

# --- Refusals ---
REFUSED_WITHIN = timedelta(hours=1)
REFUSED_TIMES = 8
"""Refusals of one person within an hour. A mistake is made once or twice; so many are attempts."""

# --- Sign-ins ---
BACK_WITHIN = timedelta(minutes=30)
BACK_TIMES = 2
"""A sign-in that returns twice, each time within half an hour, to a network or browser that it left is in two places. A
drive home is one change; driving back for something forgotten is one return."""

AT_THE_SAME_TIME = timedelta(minutes=15)
SHARED_DAYS = 3
"""Days of a week on which an account was used in turn, within 15 minutes, from two networks with two browsers. Some
people use a laptop and a phone on some days; on most days they use one."""

SHARED_WITHIN = timedelta(hours=1)
SHARED_PLACES = 3
"""Networks, each with its own sign-in and browser, that used an account within an hour."""

SHARED_HOURS = 18
"""Hours of one day in which an account did something: a double shift is sixteen."""
