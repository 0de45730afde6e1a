"""The numbers of the weekly review's flags, each with its reason. A flag is a question, never a verdict.

They were set so that the four scandals named in docs/decisions/audit/flags.md are found in their first week, and that
an honest year asks for fewer than ten cards a week of each hundred deputies (docs/performance.md has the rate). Nothing
here, and nothing that reads the log for it, depends on what an owner answered (promise R4).
"""

from datetime import timedelta

FEW_WEEKS = timedelta(days=28)
"""How far back "again and again" looks: four weeks hold what somebody does once or twice in each of them."""

OWN_MONTHS = timedelta(days=91)
"""A person's usual hours are those of the three months before: long enough for each shift of a rotation."""

ENTRIES_NAMED = 100
"""A flag names the oldest entries up to this many: a card is read by a person, and its facts have the whole count."""

# --- Without a call ---
NO_CALL_SEARCHES = 2
"""Searches and views of one person, in a week, for incidents that closed and that neither dispatch nor a supervisor had
confirmed. One such incident is a flag already (closed unverified); two searches are a habit that is forming."""

NO_CALL_SHARE = 0.1
NO_CALL_LEAST = 10
"""The whole office: a tenth of the week's searches and views without a call, and at least so many. Austin's was a
fifth. Confirmed searches are the rule of the portal, so an honest week stays below a twentieth."""

NO_CALL_OWN = 5
NO_CALL_OWN_SHARE = 0.5
DISPATCH_SHARE = 0.5
"""Where at least half of the week's searches are for calls of dispatch, a person who searches for so many incidents
that dispatch does not know, and for few others, is flagged though supervisors confirmed each of them."""

# --- Hours ---
ODD_DAYS_KNOWN = 10
"""Days of work in the three months before, without which nothing is usual yet."""

ODD_SHARE = 0.05
"""An hour is unusual where, on its own and beside it, the person worked on fewer of those days."""

ODD_LOOKS = 2
"""Searches and views at unusual hours in a week. One is a late evening."""

FRESH_CALL = timedelta(hours=12)
"""A call of dispatch explains work at any hour for as long as the longest shift."""

# --- The same owner ---
SAME_OWNER_INCIDENTS = 4
SAME_OWNER_SEARCHES = 10
"""Incidents, or searches, of four weeks in which a person found or viewed the same owner's cameras."""

SAME_OWNER_SHARE = 0.5
"""And so much of all that the person searched: whoever works at a busy corner finds its shop in a few of many."""

# --- Live views ---
LONG_VIEW_MINUTES = 180
"""Of one camera, by one person, in a week. A declaration lasts four hours and a view begins with half of one."""

LONG_VIEWS_MINUTES = 1_200
"""Of all cameras together: nine on a page for more than two hours."""

EXTENDED_TIMES = 4
"""A view that was extended so often has lasted two hours longer than it was begun for."""

RENEWED_TIMES = 3
"""A declaration that was renewed so often has lasted for more than two shifts."""

# --- Near home ---
NEAR_HOME_INCIDENTS = 1
"""In a week, where the person opened the incident: a call of dispatch sends a deputy anywhere, also home."""

# --- Reasons ---
ALIKE = 90
"""Of 100, by which two reasons are alike once numbers, case, accents and the order of words are left out."""

SAME_REASON_INCIDENTS = 4
"""Incidents of four weeks that one person searched for with one reason. A series of break-ins is two or three."""

# --- Refusals ---
REFUSED_WITHIN = timedelta(hours=1)
REFUSED_TIMES = 8
"""Refusals of one person within an hour. A mistake is made once or twice; this is trying doors."""

# --- Sign-ins ---
BACK_WITHIN = timedelta(minutes=30)
BACK_TIMES = 2
"""One sign-in that so often came back so soon to a network or browser that it had left: it is in two places. Whoever
drives home changes once, and whoever forgot something comes back once."""

AT_THE_SAME_TIME = timedelta(minutes=15)
SHARED_DAYS = 3
"""Days of a week on which an account was used from two networks with two browsers in turn within so long. Some have a
laptop and a phone, and a day of both; on most days they have one."""

SHARED_WITHIN = timedelta(hours=1)
SHARED_PLACES = 3
"""Networks, each with its own sign-in and browser, from which an account was used within an hour."""

SHARED_HOURS = 18
"""Hours of one day in which an account did something: a double shift is sixteen."""
