"""The numbers that integration is held to. Defaults of the portal unless a source is named."""

from datetime import timedelta

# --- Activating a CORE ---
NETWORK_TRIES = "20/h"
"""Activations that one network may try, of any CORE. Wrong tries end no code, or anybody could lock a CORE out.

A code is one of 32**10: a million networks that guess for all of its life have one chance in 39,000.
"""

CODE_ENTRIES = "20/h"
"""Wrong codes for one CORE that leave an entry of their own in an hour; further ones are counted by the minute."""

CODE_LIFE = timedelta(days=60)
"""An activation code that is not used ends after this; a clerk issues another."""

# --- Talking to a CORE ---
POLL_SECONDS = 15
"""Seconds between two polls. No declaration and no order changes it: the owner may be a suspect of the incident."""

ORDERS_HELD_SECONDS = 25.0
"""Seconds for which a relay holds a CORE's call for orders before it answers it without a change."""

HLS_WANTED_SECONDS = 15
"""Seconds for which a CORE sends HLS besides its upload to a relay, after a page asked for HLS."""

TOKEN_LIFE = timedelta(hours=24)
TOKEN_OVERLAP = timedelta(minutes=10)
"""A token is exchanged daily; the old one works this long beside the new one, in case the answer was lost."""

TOKEN_LONGEST = timedelta(days=30)
"""A token that is never exchanged ends after this; the device signs in with its key again."""

SEEN_EVERY = timedelta(seconds=30)
"""Contact with a CORE is saved at most this often."""

LARGEST_DRIFT = timedelta(seconds=60)
"""A CORE whose clock is off by more than this is told the right time, and nothing else."""

OFFLINE_AFTER = timedelta(minutes=15)
"""An active CORE that was silent for this long is offline: its owner and the clerks are told."""

WELL_FOR = timedelta(minutes=10)
"""A camera's problem that comes back sooner than this is the same one: its owner is not told again."""

MOST_CAMERAS = 16
"""Most cameras behind one CORE, whatever its kind connects."""

# --- Sharing ---
LONGEST_SHARE = timedelta(hours=8)

AGREEMENT_LIFE = timedelta(days=365)
"""A signed agreement is renewed after this."""

AGREEMENT_KEPT = timedelta(days=3 * 365)
"""The agreement of a business that left is kept this long after its end, as long as the log."""

AGREEMENT_RENEWAL_NOTICE = timedelta(days=30)
"""An agreement's signer is reminded this long before its end."""

# --- Declaring an incident critical ---
TOLERANCE_M = 1.0
"""Meters that a circle is wider than declared, since forms round its point. The database tolerates as much."""

DECLARED_RADIUS_M = 500.0
"""Radius of a declaration around the incident's place, unless somebody sets another."""

DECLARED_SQUARE_MILES = 0.5
"""Largest circle that one supervisor declares; beyond it a second one must agree."""

LARGEST_RADIUS_M = 2_000.0
"""Largest radius of any declaration, no matter who agrees (CHECK of the database)."""

DECLARATION_LIFE = timedelta(hours=4)
"""A declaration is in force for this long, and as long again from each renewal."""

DECLARED_AT_MOST = timedelta(hours=24)
"""An incident's declarations end this long after the first one, even while somebody watches (CHECK of the database)."""

BREAK_GLASS_LIFE = timedelta(minutes=30)
BREAK_GLASS_JUSTIFIED_WITHIN = timedelta(days=7)
"""Broken glass: two people declare for half an hour, without a supervisor. It is flagged if not justified in a week."""

GLASS_CAMERA_REST = timedelta(hours=24)
"""A camera that was viewed under one broken glass is closed to any other for this long (trigger of the database)."""

GLASS_OF_ONE, GLASS_OF_ONE_WITHIN = 2, timedelta(days=7)
"""Most times that one person asks for broken glass, or confirms it, over all incidents (trigger of the database)."""

WAITS_FOR_A_SECOND = timedelta(minutes=30)
"""A declaration that nobody confirms is dropped after this."""

# --- Seeing a camera live ---
VIEW_LIFE = timedelta(minutes=30)
"""Time for which a camera may be seen for an incident, all views together; each extension adds as much."""

DECISION_LIFE = timedelta(milliseconds=1500)
"""A decision of the gate is kept at most this long, from before its facts were read; the promise is 2 seconds."""

VIEWER_GONE_AFTER = timedelta(seconds=15)
"""A view whose page stopped asking has ended within 30 seconds."""

WATCHED_EVERY = timedelta(minutes=1)
"""Each begun minute of a view is an entry, which is committed before the minute's first picture is handed out."""

GRID = 16
"""Most running views of one person for an incident: a wall of four by four."""

SEGMENT_KEPT = timedelta(seconds=30)
"""A piece of video is deleted from memory after this; it must stay below a minute."""

SEGMENT_BYTES = 6 * 1024 * 1024
"""Bytes of the largest piece of video that a CORE may send."""

STREAM_BYTES = 24 * 1024 * 1024
"""Bytes kept of one stream at most; older pieces go first, however fast its CORE sends."""

STREAM_CALLS = "600/m"
"""Calls that a CORE may make for one stream: a piece and a playlist a second, and room for shorter pieces."""

BUFFER_SECONDS = 6
"""Seconds that a player buffers at most."""

# --- A relay, which hands on video while it comes ---
GATE_ASKED_EVERY_SECONDS = 0.15
"""Seconds between two questions of a relay to the gate about the views of all its lines."""

ALLOWED_FOR_SECONDS = 0.4
"""Seconds for which a yes of the gate counts. Without another yes no frame is written."""

AWAY_AFTER_SECONDS = 1.0
"""Seconds since the last yes after which a page learns that its permission is unknown, and hides the picture."""

LATE_FRAME_SECONDS = 1.0
"""A frame that is older when its turn comes is left out, with all up to the next key frame."""

REFUSAL_WITHIN_SECONDS = 0.7
"""Seconds in which the page must take a refusal: earlier pictures that wait on a slow line must not be seen."""

REFUSAL_NOTED_WITHIN_SECONDS = 300
"""Seconds for which a relay tries again to write the entry of a refusal, once a second."""

PASS_LIFE = timedelta(seconds=60)
"""A pass works this long. A page gets a new one every three seconds, and shows it when it opens a line to a relay."""

PAGE_ASKS_WITHIN_SECONDS = 5.0
"""Seconds in which a page must send its request for a line."""

LINE_TAKES_WITHIN_SECONDS = 5.0
"""Seconds in which the page must take what was written to its line; then the line is cut."""

LINE_BEAT_SECONDS = 0.5
"""Seconds of silence after which a line sends a beat, so that the page knows that it is alive."""

DARK_AFTER_SECONDS = 3.0
"""A stream without a new frame for this many seconds counts as dark."""

VIEWERS_CHECKED_EVERY_SECONDS = 0.5
"""Seconds between two checks that somebody sees a stream that a CORE sends."""

UNCHECKED_SECONDS = 30.0
"""Seconds for which a CORE may continue to send while its right to send can't be checked."""

BODY_STALLED_AFTER_SECONDS = 10.0
"""Seconds without a byte after which a body of video is given up."""

ORDERS_CALL_WITHIN_SECONDS = 10.0
"""Seconds in which a CORE must send its call for orders."""

RELAY_LIVES = timedelta(seconds=1)
"""A relay counts as alive for this long after its last note."""

RELAY_SILENT_AFTER_SECONDS = 2.0
"""Seconds without a message of the receiving process after which a relay no longer counts as alive."""

LIVE_ANSWERS_WITHIN_SECONDS = 1.0
"""If the live Valkey is slower, viewers see nothing rather than an old picture."""

# --- Watching who watches ---
WATCHED_LONG = timedelta(hours=8)
WATCHED_LONG_WITHIN = timedelta(days=7)
"""A camera that was watched longer than WATCHED_LONG in a week is flagged."""

AREA_TIMES_MEDIAN = 3
"""An area that was watched this many times as long as the median of its kind is flagged."""

AREA_LEAST = timedelta(hours=1)
"""An area that was watched for less than this in a week shows no pattern yet."""

KIND_LONG = timedelta(hours=1)
"""A kind of premises whose cameras were watched longer than this in a week, on average, is flagged: spread over many
cameras, a county could be watched round the clock without one of them being noticed."""

KIND_FEWEST = 5
"""A kind of premises with fewer cameras than this has no pattern: each camera is judged alone."""

# --- A still picture for its owner ---
SNAPSHOT_WAITS = timedelta(seconds=60)
"""A picture that the CORE has not sent this long after the owner asked for it is refused."""

SNAPSHOT_KEPT = timedelta(minutes=5)
"""A picture is deleted from memory after this; it is never on a disk."""

SNAPSHOT_BYTES = 2 * 1024 * 1024
"""Bytes of the largest picture that a CORE may send."""

SNAPSHOT_SIDE = 1920
"""Pixels of the longer side of the picture that its owner sees."""

# --- A clip of a connected camera ---
LONGEST_CLIP = timedelta(minutes=60)
"""A deputy asks for at most this much of one camera at once (CHECK of the database)."""

CLIP_WAITS = timedelta(days=2)
"""A CORE has this long to send a clip after it was told to. Then the order ends, until the owner repeats it."""

CLIP_PIECE_BYTES = 2 * 1024 * 1024
"""Bytes of the largest piece of a clip in one call: each is signed, so it is read whole."""
