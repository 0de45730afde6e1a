"""Run every benchmark, one after the other; the exit code says whether all reached their bar."""

import sys

from bench import cameras_within

sys.exit(max(benchmark.main() for benchmark in (cameras_within,)))
