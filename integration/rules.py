"""The numbers that integration is held to. Defaults of the portal unless a source is named."""

from datetime import timedelta

# --- Activating a CORE ---
NETWORK_TRIES = "20/h"
"""Activations that one network may try, of whatever CORE. None ends a code: who names its serial would lock it out.

A code is one of 32**10: a million networks that guess for all of its life have one chance in 39,000.
"""

CODE_ENTRIES = "20/h"
"""Wrong tries at one CORE that have an entry of their own; the others are counted by the minute."""

CODE_LIFE = timedelta(days=60)
"""A code that is not used ends after this; a clerk issues another."""

# --- Talking to a CORE ---
POLL_SECONDS = 15
"""When a CORE comes back. No declaration and no order changes it: its owner may be whom the incident is about."""

ORDERS_HELD_SECONDS = 25.0
"""A call on the line is answered when the orders change, and after this at the latest."""

HLS_WANTED_SECONDS = 15
"""A CORE sends HLS besides its one upload for so long after a page asked for it."""

TOKEN_LIFE = timedelta(hours=24)
TOKEN_OVERLAP = timedelta(minutes=10)
"""A token is exchanged daily; the one before works so long beside the new one, in case its answer was lost."""

TOKEN_LONGEST = timedelta(days=30)
"""A token that is never exchanged ends after this; the device signs in with its key again."""

SEEN_EVERY = timedelta(seconds=30)
"""That a CORE was heard of is written down at most so often."""

LARGEST_DRIFT = timedelta(seconds=60)
"""A CORE whose clock is off by more is told the time, and nothing else."""

OFFLINE_AFTER = timedelta(minutes=15)
"""An active CORE that has not been heard of for so long is offline: its owner and the clerks are told."""

WELL_FOR = timedelta(minutes=10)
"""A camera's problem that comes back sooner is the same one: its owner is not told again."""

MOST_CAMERAS = 16
"""Cameras behind one CORE, whatever its model says."""

# --- Sharing ---
LONGEST_SHARE = timedelta(hours=8)
"""The owner's own "share now" lasts at most so long."""

AGREEMENT_LIFE = timedelta(days=365)
"""A signed agreement is renewed after this."""

AGREEMENT_KEPT = timedelta(days=3 * 365)
"""So long after its end an agreement stays whose business has left, as long as the log does."""

AGREEMENT_RENEWAL_NOTICE = timedelta(days=30)
"""So long before it ends its signer is told."""

# --- Declaring an incident critical ---
DECLARED_RADIUS_M = 500.0
"""How far around its place a declaration reaches, unless somebody says otherwise."""

DECLARED_SQUARE_MILES = 0.5
"""The largest circle that one supervisor declares; beyond it a second one must agree."""

LARGEST_RADIUS_M = 2_000.0
"""No declaration reaches farther, no matter who agrees (CHECK of the database)."""

DECLARATION_LIFE = timedelta(hours=4)
"""How long a declaration is in force, and each renewal makes it last from then."""

DECLARED_AT_MOST = timedelta(hours=24)
"""From an incident's first declaration on; then it ends, even while somebody watches (CHECK of the database)."""

BREAK_GLASS_LIFE = timedelta(minutes=30)
BREAK_GLASS_JUSTIFIED_WITHIN = timedelta(days=7)
"""Two people declare without a supervisor for half an hour, once; a week later without a word it is a finding."""

GLASS_CAMERA_REST = timedelta(hours=24)
"""A camera that was viewed under one glass is closed to any other for so long (trigger of the database)."""

GLASS_OF_ONE, GLASS_OF_ONE_WITHIN = 2, timedelta(days=7)
"""How often one person asks or confirms in a week, over all incidents (trigger of the database)."""

WAITS_FOR_A_SECOND = timedelta(minutes=30)
"""A declaration that nobody confirms is dropped after this."""

# --- Seeing a camera live ---
VIEW_LIFE = timedelta(minutes=30)
"""How long a camera may be seen for an incident, all views together; each extension, with a reason, adds as much."""

DECISION_LIFE = timedelta(milliseconds=1500)
"""A decision of the gate is kept at most so long, from before its facts were read; the promise is 2 seconds."""

VIEWER_GONE_AFTER = timedelta(seconds=15)
VIEWS_SWEPT_EVERY = timedelta(seconds=5)
"""A view whose page asks for nothing any more has ended within 30 seconds."""

WATCHED_EVERY = timedelta(minutes=1)
"""Each begun minute of a view is an entry, which is committed before the minute's first picture is handed out."""

GRID = 16
"""Views that one person has running for an incident: as many as a wall shows, four by four."""

SEGMENT_KEPT = timedelta(seconds=30)
"""A piece of video is gone from memory after this; it must stay below a minute."""

SEGMENT_BYTES = 6 * 1024 * 1024
"""The largest piece of video that a CORE may send."""

STREAM_BYTES = 24 * 1024 * 1024
"""What is held of one stream at most; older pieces go first, however fast its CORE sends."""

STREAM_CALLS = "600/m"
"""What a CORE may send of one stream: a piece and a playlist a second, and room for shorter ones."""

BUFFER_SECONDS = 6
"""What a player keeps at most."""

# --- Watching who watches ---
WATCHED_LONG = timedelta(hours=8)
WATCHED_LONG_WITHIN = timedelta(days=7)
"""A camera that was watched longer in a week is flagged."""

AREA_TIMES_MEDIAN = 3
"""An area that was watched so many times as long as the median of its kind is flagged."""

AREA_LEAST = timedelta(hours=1)
"""An area that was watched for less in a week shows no pattern yet."""

KIND_LONG = timedelta(hours=1)
"""A kind of premises whose cameras were watched longer in a week, each on average, is flagged: spread over many
cameras, a county could be watched round the clock without one of them being noticed."""

KIND_FEWEST = 5
"""With fewer cameras there is no pattern of a kind: each is judged alone."""

# --- A still picture for its owner ---
SNAPSHOT_WAITS = timedelta(seconds=60)
"""A picture that the owner asked for and that the CORE has not sent by then is not taken any more."""

SNAPSHOT_KEPT = timedelta(minutes=5)
"""A picture that came is gone from memory after this; it is never on a disk."""

SNAPSHOT_BYTES = 2 * 1024 * 1024
"""The largest picture that a CORE may send."""

SNAPSHOT_SIDE = 1920
"""Points of the longer side of what its owner sees."""

# --- A clip of a connected camera ---
LONGEST_CLIP = timedelta(minutes=60)
"""A deputy asks for at most this much of one camera at once (CHECK of the database)."""

CLIP_WAITS = timedelta(days=2)
"""A CORE has this long to send a clip that the owner gave; then it is not asked again."""

CLIP_PIECE_BYTES = 2 * 1024 * 1024
"""The largest piece of a clip in one call: each is signed, so it is read whole."""
