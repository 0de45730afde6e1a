"""The numbers that the registry is held to. Defaults of the portal unless a source is named.

Those that an agency may set for itself are first values here: `registry.limits.models.Limits` holds what is in force.
"""

from datetime import timedelta

from fusus_portal.ground.geo.points import MILE_M, radius_for

# --- What may be asked for (promise R3: only near a crime or emergency) ---
SHORTEST_WINDOW = timedelta(minutes=15)
"""Shortest stretch of time that a canvass asks for."""

LONGEST_WINDOW = timedelta(hours=12)
"""Longest stretch of time that a canvass asks for."""

WINDOW_REACH = timedelta(hours=24)
"""How long before and after the incident a canvass may still ask (someone comes, someone leaves)."""

GOES_ON_FOR = timedelta(hours=24)
"""How long an incident that goes on takes clips of now and searches up to now. After this somebody says it again, or
when it ended."""

SMALLEST_AREA_SQUARE_MILES = 0.025
LARGEST_AREA_SQUARE_MILES = 0.5
"""Search area of one canvass."""

CEILING_SQUARE_MILES = 2.0
CEILING_WINDOW = timedelta(hours=48)
"""Beyond the two limits above a supervisor approves a canvass; beyond these nobody can. (CHECK of the database.)"""

FEWEST_CORNERS, MOST_CORNERS = 3, 50
"""Corners of a polygon that is searched."""

SMALLEST_RADIUS_M = radius_for(SMALLEST_AREA_SQUARE_MILES)
LARGEST_RADIUS_M = radius_for(LARGEST_AREA_SQUARE_MILES)
CEILING_RADIUS_M = radius_for(CEILING_SQUARE_MILES)
"""The same areas as circles: about 144 m, 642 m and 1284 m."""

NEARBY_M = MILE_M
"""How far the middle of a circle, or the farthest corner of a polygon, may be from the incident: one mile (R3)."""

RADIUS_TOLERANCE_M = 1.0
"""A radius comes back from a page rounded to the meter."""

# --- How owners are asked (R4: they decide) ---
LINK_LIFE = timedelta(days=10)
"""A request's link, and with it the request, ends after this."""

RECEIPT_LINK_LIFE = timedelta(days=90)
"""A link to receipts from the log ends after this; the receipts stay on the owner's own pages."""

REMIND_AFTER = (timedelta(days=3), timedelta(days=7))
"""When the owner is reminded automatically of an unanswered request, counted from when it was sent.

After a late reminder the next one keeps its distance, or is left out: nobody gets two in a row.
"""

REMINDERS = len(REMIND_AFTER)
"""How often an owner is reminded at most. An agency may only set less."""

# --- Who looked (B1): what an owner may not read yet ---
LOOKS_SETTLE = timedelta(minutes=15)
"""Mails, typed reasons and refused views wait this long, so that a supervisor who delays them comes in time."""

LONGEST_LOOK_DELAY = timedelta(days=30)
LOOK_DELAYS = 2
"""A delay and one renewal, each at most this long. (Not editable: promised to the public.)"""

# --- Joining an incident by a number that somebody was told ---
JOIN_QUESTIONS_A_DAY = 10
JOIN_DAY = timedelta(days=1)
"""How often a person asks to join an incident by its number: enough for a shift, too few to try numbers out."""

JOIN_QUESTION_LIFE = timedelta(hours=4)
"""How long a question to join waits: whoever asked was told the number for what happens now. A declaration lasts as
long, and a shift does not end twice meanwhile."""

JOIN_TOLD_FOR = timedelta(hours=12)
"""How long a yes stays on the start page: a shift."""

# --- Before a second person has verified the incident (CJIS AC-5, separation of duties) ---
UNVERIFIED_CANVASSES = 1
UNVERIFIED_OWNERS = 25
UNVERIFIED_REDRAWINGS = 2
UNVERIFIED_LIFE = timedelta(hours=24)
"""One canvass, how often it may be redrawn before it is sent, and how many owners it may show in all. After this time
the incident closes automatically and is flagged."""

CLOSING_TAKEN_BACK_WITHIN = timedelta(minutes=10)
"""So long what was asked for a closed incident is not withdrawn and no owner told, so that it can be taken back."""

UNVERIFIED_INCIDENTS_OPEN = 6
"""So many open incidents of one person that nobody has verified there are at a time; the seventh waits for a
supervisor, who verifies one. (Trigger of the database.)"""

UNVERIFIED_INCIDENTS_A_DAY = 3
UNVERIFIED_OWNERS_A_WEEK = 50
UNVERIFIED_DAY, UNVERIFIED_WEEK = timedelta(days=1), timedelta(days=7)
"""How many such incidents one person may search around in a day, and how many owners they may be shown in a week.
Beyond this a supervisor verifies one or approves, and auditors are told."""

# --- What may be given (R4), and how long it is kept ---
FILES_PER_REPLY = 25
SENDING_AT_ONCE = 12
"""Files and forms of one request that a process of the web server takes at the same moment: nobody's link holds all of
its threads. A browser opens six connections."""
BYTES_PER_FILE = 60 * 10**9
"""No agency can set more: the database holds it too."""

BYTES_PER_REPLY = 200 * 10**9

LONGEST_KEPT_DAYS = 36_525
"""No category keeps footage for longer: a hundred years."""

DELETION_ANNOUNCED = timedelta(days=14)
"""So long before its deletion a file's giver and the people of its incident are told."""

# --- Places ---
PIN_FAR_FROM_ZIP_M = 25_000.0
"""A pin farther than this from the middle of its ZIP code area is taken for a mistake."""

PIN_FAR_FROM_ROOFTOP_M = 2_000.0
"""The same where the geocoder knows the very address: a farm's drive is long, but not that long."""

PLACES_OF_ONE = 100
CAMERAS_AT_ONE = 200
"""Places of one registration, and cameras at one place: nobody floods a canvass with made-up ones."""

# --- Confirmed places ---
CONFIRMED_WITHIN_M = 30.0
"""A pin that moves farther than this from where its place was confirmed shows another building."""

LETTER_EVERY = timedelta(days=30)
LETTERS_OF_ONE = 3
"""In this time a place gets one letter with a code, and an account so many: nobody floods a street with our paper."""

LETTER_LIFE = timedelta(days=60)
"""A code ends after this, counted from when its letter was printed."""

LETTER_TRIES = 5
"""Wrong codes after which those of all letters to an account end."""

LETTERS_AT_ONCE = 100
"""Letters in one batch: what a clerk folds in an hour."""

BATCH_KEPT = timedelta(days=1)
"""The file of a batch is deleted after this. Letters that nobody printed by then are in the next batch."""

# --- Cameras ---
FULL_CIRCLE = 360
LONGEST_REACH_M = 500
"""Degrees all around; how far in meters somebody may say that a camera sees."""

LONGEST_DAYS_KEPT = 3650
"""Days that an owner may say a device keeps footage: ten years. None does."""

SNAPSHOT_SIDE = 1280
"""The longer side of a camera's picture as it is kept, in points."""
IMPORT_ROWS = 150_000
IMPORT_COLUMNS = 100
"""What one file of an import may have at most."""

IMPORT_WAITS = timedelta(hours=24)
"""A file that nobody starts to import is deleted after this."""

IMPORT_MAILS_AT_ONCE = 250
"""How many people of an import are written to in one minute: no mail server takes 100,000 at once."""

IMPORT_STOPPED_KEPT = timedelta(days=7)
"""How long the working copy of a stopped import is kept, so that it can be resumed."""

INVITATION_KEPT = timedelta(days=90)
"""Invited people who did not register are deleted after this."""

EARLIEST_CONSENT_YEAR = 2000
"""An older consent is taken for a mistake: no registry of cameras is that old."""

CAMERAS_IN_A_ROW = 50
"""Cameras that one row of an import may add."""

EXPORT_WAITS = timedelta(days=1)
"""A copy of the registry is deleted after this if nobody downloads it. A proposal waits as long for a second person."""

SMALLEST_COUNT = 10
"""Counts by ZIP code below this are not shown: they could point to single homes."""

# --- Beyond the boundary (R7), and registrations that nobody finished ---
LEAD_KEPT = timedelta(days=90)
"""After this an outreach lead is closed automatically: its name, e-mail address and notes are deleted."""

NOTES_PER_LEAD = 20
LONGEST_NOTE = 300

REPORT_EVERY = timedelta(days=7)
"""How often the platform's contact is told how many leads there are in each county."""

DRAFT_KEPT = timedelta(days=30)
"""A registration that nobody finished is deleted after this."""

DRAFT_REMIND_AFTER = timedelta(days=1)
"""After this time without progress one message says that the registration can be resumed."""

LONGEST_DRAFT = 100_000
"""Characters of a draft as JSON: twenty cameras with every field full, of characters that JSON writes as six."""

# --- Texts ---
INCIDENT_NUMBER_FORMAT = "YYYY-NNNNNN"
"""How an incident's number is written until the agency chooses another format: 2026-000123."""

SHORTEST_REASON = 15
"""Letters and digits that a reason must have at least, phrases without meaning not counted."""

LONGEST_REASON = 500

EMPTY_REASONS = frozenset(
    {
        "investigation",
        "investigating",
        "under investigation",
        "police business",
        "official business",
        "law enforcement",
        "test",
        "testing",
        "asdf",
        "qwerty",
        "none",
        "n/a",
        "na",
        "tbd",
        "x",
        "reason",
        "canvass",
        "video canvass",
        "footage",
        "need footage",
        "need video",
        "crime",
        "incident",
        "follow up",
        # the same in Spanish, without accents
        "investigacion",
        "en investigacion",
        "investigando",
        "asunto policial",
        "asunto oficial",
        "prueba",
        "pruebas",
        "probando",
        "ninguno",
        "ninguna",
        "nada",
        "no aplica",
        "motivo",
        "razon",
        "grabacion",
        "grabaciones",
        "necesito video",
        "necesito la grabacion",
        "delito",
        "crimen",
        "incidente",
        "seguimiento",
    }
)
"""Phrases that say nothing. A reason made of these alone is refused."""
