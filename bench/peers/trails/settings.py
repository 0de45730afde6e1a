"""As the benchmarks', with four libraries that write a row for each change."""

from bench.settings import *  # noqa: F403
from bench.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "auditlog", "easyaudit", "pgtrigger", "pghistory", "bench.peers.trails"]

# Only their own model is theirs to watch: none slows the others, or the portal.
DJANGO_EASY_AUDIT_REGISTERED_CLASSES = ["trails.ByEasyAudit"]
DJANGO_EASY_AUDIT_WATCH_AUTH_EVENTS = False
DJANGO_EASY_AUDIT_WATCH_REQUEST_EVENTS = False
PGTRIGGER_INSTALL_ON_MIGRATE = True
