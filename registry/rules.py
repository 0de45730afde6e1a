"""Fixed numbers of the registry. Defaults of the portal unless a source is named.

An agency may set some of them for itself: `registry.limits.models.Limits` holds those in force.
"""

from datetime import timedelta

from fusus_portal.ground.geo.points import MILE_M, radius_for

# --- What may be asked for (promise R3: only near a crime or emergency) ---
SHORTEST_WINDOW = timedelta(minutes=15)
"""Shortest time span of a canvass."""

LONGEST_WINDOW = timedelta(hours=12)
"""Longest time span of a canvass."""

WINDOW_REACH = timedelta(hours=24)
"""A canvass may ask for footage this long before and after the incident (someone comes, someone leaves)."""

GOES_ON_FOR = timedelta(hours=24)
"""For this long after its last update, clips and searches for an ongoing incident may reach up to the present moment.
Then somebody confirms it again, or says when it ended."""

SMALLEST_AREA_SQUARE_MILES = 0.025
LARGEST_AREA_SQUARE_MILES = 0.5
"""Smallest and largest search area of one canvass, in square miles."""

CEILING_SQUARE_MILES = 2.0
CEILING_WINDOW = timedelta(hours=48)
"""Largest area and window that a supervisor can approve; the limits above need no approval. (CHECK of the database.)"""

FEWEST_CORNERS, MOST_CORNERS = 3, 50
"""Fewest and most corners of a polygon to search."""

SMALLEST_RADIUS_M = radius_for(SMALLEST_AREA_SQUARE_MILES)
LARGEST_RADIUS_M = radius_for(LARGEST_AREA_SQUARE_MILES)
CEILING_RADIUS_M = radius_for(CEILING_SQUARE_MILES)
"""Radii of circles of the smallest, the largest and the ceiling area: about 144 m, 642 m and 1284 m."""

NEARBY_M = MILE_M
"""The middle of a circle, or the farthest corner of a polygon, is at most one mile from the incident (R3)."""

RADIUS_TOLERANCE_M = 1.0
"""Meters by which a radius may exceed a limit: a page sends the radius back rounded."""

# --- How owners are asked (R4: they decide) ---
LINK_LIFE = timedelta(days=10)
"""A request ends this long after it was sent, and its link with it."""

RECEIPT_LINK_LIFE = timedelta(days=90)
"""A link to receipts from the log ends after this; the receipts stay on the owner's own pages."""

REMIND_AFTER = (timedelta(days=3), timedelta(days=7))
"""Times of the automatic reminders of an unanswered request, counted from when it was sent.

After a late reminder the next one keeps its distance, or is left out: nobody gets two in a row.
"""

REMINDERS = len(REMIND_AFTER)
"""At most this many reminders of a request. An agency may only set less."""

# --- Who looked (B1): what an owner may not read yet ---
LOOKS_SETTLE = timedelta(minutes=15)
"""Mails about looks, typed reasons and refused views wait this long, so that a supervisor's delay comes in time."""

LONGEST_LOOK_DELAY = timedelta(days=30)
LOOK_DELAYS = 2
"""Longest delay of what an owner reads; a delay and one renewal at most. (Not editable: promised to the public.)"""

# --- Joining an incident by its number ---
JOIN_QUESTIONS_A_DAY = 10
JOIN_DAY = timedelta(days=1)
"""Questions to join by number that one person may ask in a day: enough for a shift, too few to try numbers out."""

JOIN_QUESTION_LIFE = timedelta(hours=4)
"""A question to join waits this long: it is about current work. A declaration lasts as long, a shift longer."""

JOIN_TOLD_FOR = timedelta(hours=12)
"""A yes to a question to join stays on the start page for a shift."""

# --- Before a second person has verified the incident (CJIS AC-5, separation of duties) ---
UNVERIFIED_CANVASSES = 1
UNVERIFIED_OWNERS = 25
UNVERIFIED_REDRAWINGS = 2
UNVERIFIED_LIFE = timedelta(hours=24)
"""Most canvasses, owners shown in all, and redrawings of a canvass for an unverified incident. After UNVERIFIED_LIFE it
closes automatically and is flagged."""

CLOSING_TAKEN_BACK_WITHIN = timedelta(minutes=10)
"""For this long the requests of a closed incident are not withdrawn and no owner gets a message, so that the closing
can be taken back."""

UNVERIFIED_INCIDENTS_OPEN = 6
"""At most 6 open unverified incidents a person: before a seventh a supervisor verifies one. (Trigger of the
database.)"""

UNVERIFIED_INCIDENTS_A_DAY = 3
UNVERIFIED_OWNERS_A_WEEK = 50
UNVERIFIED_DAY, UNVERIFIED_WEEK = timedelta(days=1), timedelta(days=7)
"""Unverified incidents that one person may search around in a day, and owners that they may be shown in a week. Beyond
this a supervisor verifies an incident or approves the canvass, and auditors get a message."""

# --- What may be given (R4), and how long it is kept ---
FILES_PER_REPLY = 25
SENDING_AT_ONCE = 12
"""Uploads to one request that a web process takes at once, so that no link holds all threads. A browser opens six."""
BYTES_PER_FILE = 60 * 10**9
"""Largest file of footage; the database ensures that no agency sets more."""

BYTES_PER_REPLY = 200 * 10**9

LONGEST_KEPT_DAYS = 36_525
"""No category of retention keeps footage for longer: a hundred years."""

DELETION_ANNOUNCED = timedelta(days=14)
"""This long before a file's deletion its giver gets a message, and the incident's timeline says so."""

# --- Places ---
PIN_FAR_FROM_ZIP_M = 25_000.0
"""Meters. A pin farther than this from the middle of its ZIP code area counts as a mistake."""

PIN_FAR_FROM_ROOFTOP_M = 2_000.0
"""Meters. The same for an address that the geocoder knows exactly: a farm's drive is long, but not that long."""

PLACES_OF_ONE = 100
CAMERAS_AT_ONE = 200
"""Most places of one registration, and most cameras at one place: nobody floods a canvass with invented ones."""

# --- Confirmed places ---
CONFIRMED_WITHIN_M = 30.0
"""Meters. A pin farther than this from the point that was confirmed is on another building."""

LETTER_EVERY = timedelta(days=30)
LETTERS_OF_ONE = 3
"""In LETTER_EVERY a place gets one letter with a code, an account LETTERS_OF_ONE: nobody floods a street with them."""

LETTER_LIFE = timedelta(days=60)
"""A letter's code ends this long after the letter was printed."""

LETTER_TRIES = 5
"""Wrong codes that end all letters to an account's places."""

LETTERS_AT_ONCE = 100
"""Letters in one batch at most: what a clerk folds in an hour."""

BATCH_KEPT = timedelta(days=1)
"""The file of a batch of letters is deleted after this. Letters not printed by then are in the next batch."""

# --- Cameras ---
FULL_CIRCLE = 360
LONGEST_REACH_M = 500
"""Degrees all around, and the farthest reach of a camera in meters."""

LONGEST_DAYS_KEPT = 3650
"""Longest time in days that an owner may say a device keeps footage: ten years. No device does."""

SNAPSHOT_SIDE = 1280
"""Longer side of a camera's picture as it is kept, in pixels."""
IMPORT_ROWS = 150_000
IMPORT_COLUMNS = 100
"""Most rows, and most columns, of one import file."""

IMPORT_WAITS = timedelta(hours=24)
"""A file of a former registry that nobody starts to import is deleted after this."""

IMPORT_MAILS_AT_ONCE = 250
"""People of an import who get a mail in one minute: no mail server takes 100,000 at once."""

IMPORT_STOPPED_KEPT = timedelta(days=7)
"""The working copy of a stopped import is kept this long, so that it can be resumed."""

INVITATION_KEPT = timedelta(days=90)
"""Invited people who did not register are deleted after this."""

EARLIEST_CONSENT_YEAR = 2000
"""A consent from before this year counts as a mistake: no registry of cameras is that old."""

CAMERAS_IN_A_ROW = 50
"""Cameras that one row of an import may add."""

EXPORT_WAITS = timedelta(days=1)
"""A copy of the registry is deleted after this if nobody downloads it. A proposal waits as long for a second person."""

SMALLEST_COUNT = 10
"""Counts by ZIP code below this are not shown: they could point to single homes."""

# --- Beyond the boundary (R7), and registrations that nobody finished ---
LEAD_KEPT = timedelta(days=90)
"""An outreach lead is closed automatically after this: its name, e-mail address and notes are deleted."""

NOTES_PER_LEAD = 20
LONGEST_NOTE = 300

REPORT_EVERY = timedelta(days=7)
"""Time between two reports on leads to the platform's operator (PLATFORM_CONTACT_EMAIL)."""

DRAFT_KEPT = timedelta(days=30)
"""An unfinished registration is deleted after this."""

DRAFT_REMIND_AFTER = timedelta(days=1)
"""After this time without progress one message says that the registration can be resumed."""

LONGEST_DRAFT = 100_000
"""Characters of an unfinished registration as JSON: twenty cameras with every field full, six characters for each."""

# --- Texts ---
INCIDENT_NUMBER_FORMAT = "YYYY-NNNNNN"
"""Format of incident numbers until the agency chooses another: 2026-000123."""

SHORTEST_REASON = 15
"""Letters and digits of a typed reason at least, phrases without meaning not counted."""

LONGEST_REASON = 500

_EMPTY_IN_ENGLISH = """
investigation, investigating, under investigation, police business, official business, law enforcement, test, testing,
asdf, qwerty, none, n/a, na, tbd, x, reason, canvass, video canvass, footage, need footage, need video, crime,
incident, follow up
"""

_EMPTY_IN_SPANISH = """
investigacion, en investigacion, investigando, asunto policial, asunto oficial, prueba, pruebas, probando, ninguno,
ninguna, nada, no aplica, motivo, razon, grabacion, grabaciones, necesito video, necesito la grabacion, delito,
crimen, incidente, seguimiento
"""

EMPTY_REASONS = frozenset(" ".join(phrase.split()) for phrase in f"{_EMPTY_IN_ENGLISH},{_EMPTY_IN_SPANISH}".split(","))
"""Phrases without meaning, without accents. A reason made of these alone is refused."""
