"""The benchmarks behind docs/performance.md: `make bench` runs all, `python -m bench NAME` one."""

import os

import django
from django.conf import settings

if not settings.configured:  # tests have settings of their own
    os.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get("BENCH_SETTINGS", "bench.settings")
    django.setup()
