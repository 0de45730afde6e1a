"""Becomes another program, such as ffmpeg, that has little processor time and memory.

python -I bounded.py PROGRAM ARGUMENT...

Must not import the portal, as in `fusus_portal/ground/pictures/decoder.py`.
"""

import os
import resource
import sys

CPU_SECONDS = 10
MEMORY_BYTES = 2 * 1024**3
"""Bytes of address space. ffmpeg takes a few hundred megabytes and holds several pictures of 4K."""

WRITTEN_BYTES = 4 * 1024**2

for kind, most in (
    (resource.RLIMIT_CPU, CPU_SECONDS),
    (resource.RLIMIT_AS, MEMORY_BYTES),
    (resource.RLIMIT_FSIZE, WRITTEN_BYTES),
    (resource.RLIMIT_CORE, 0),
):
    resource.setrlimit(kind, (most, most))
os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606  (no shell is wanted)
