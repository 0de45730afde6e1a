"""How slow a line may be, and how much is held for whoever is slow. The environment may say otherwise."""

import sys
from typing import Final

from fusus_portal.ground import env
from fusus_portal.ground.serving.paces import Rate

KB: Final = 1024
MB: Final = 1024 * KB

HEAD_BYTES: Final = 32 * KB
"""The first lines of a request have at most this many bytes."""

FORM_BYTES: Final = 32 * MB
"""The largest body that is collected. A form takes a picture of 10 MB; who sends more still reads why it is refused."""

HELD_ANSWER: Final = 8 * MB
"""So much of an answer is held for a slow reader, so that the thread that made it is free. A page, a piece of video."""

HELD_FILE: Final = MB
"""Likewise of a file. A table of this size is read from the database without waiting for whoever takes it."""

HELD: Final = 256 * MB
"""Bytes of bodies and answers that one process holds at once. Beyond it whoever has most of them loses one."""

HELD_BY_THREADS: Final = HELD * 3 // 4
"""So many of them are bodies that threads have, or that wait for one: the rest is for whoever is still sending."""

SMALL_BODY: Final = 64 * KB
"""A body that always finds room. Whoever pauses sends less."""

OF_ONE_NETWORK: Final = env.number("WEB_CONNECTIONS", 256, least=1)
"""Connections of one network address to one process: an office of forty, each with a browser that opens six."""

URGENT_THREADS: Final = 8
VIDEO_THREADS: Final = env.number("WEB_VIDEO_THREADS", 32, least=1)
FILE_THREADS: Final = env.number("WEB_FILE_THREADS", 64, least=1)
"""One thread for each piece of live video, and each file, on its way. Those of pages are gunicorn's --threads."""

FILES_OF_ONE_NETWORK: Final = FILE_THREADS * 3 // 4
"""Whoever has a link, or many, leaves threads to the others."""

WAITING: Final = 200
"""Requests that wait for a thread of their lane; the next is told to come again."""

FIRST_SECONDS: Final = env.number("WEB_HEAD_SECONDS", 10, least=1)
FORM_SECONDS: Final = env.number("WEB_FORM_SECONDS", 20, least=1)
FILE_SECONDS: Final = env.number("WEB_FILE_SECONDS", 60, least=1)
VIDEO_SECONDS: Final = env.number("WEB_VIDEO_SECONDS", 10, least=1)
ANSWER_SECONDS: Final = env.number("WEB_ANSWER_SECONDS", 60, least=1)

HEAD: Final = Rate(HEAD_BYTES + 1, FIRST_SECONDS)
"""The head must be whole in this time: there is no head of so many bytes."""

FORM: Final = Rate(8 * KB * FORM_SECONDS, FORM_SECONDS)
"""A form brings 8 KB a second, or is whole, in each 20 seconds."""

FILE: Final = Rate(4 * KB * FILE_SECONDS, FILE_SECONDS)
"""A file brings 4 KB a second in each minute: a phone at the edge of its network. A slower sender resumes later."""

VIDEO: Final = Rate(1, VIDEO_SECONDS)
"""A piece of live video comes as fast as its camera sees. It may not stop."""

ANSWER: Final = Rate(4 * KB * ANSWER_SECONDS, ANSWER_SECONDS)
"""An answer is taken as fast as a file is brought."""

LINGER: Final = Rate(sys.maxsize, 5)
"""After the last answer, what is still on its way is thrown away for so long, so that the answer is read."""
