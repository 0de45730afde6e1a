"""The task queue: JSON only, acknowledged after the work, nothing lost with a worker."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from celery.schedules import crontab

from fusus_portal.ground import env

LONGEST_TASK = timedelta(minutes=50)
GIVEN_AGAIN = timedelta(hours=1)
"""A task whose worker vanished goes to another one after this; longer than any task may take."""


def broker_address(url: str) -> str:
    """Return a Redis address as Celery writes it: unix sockets have a scheme of their own."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    password = f":{parts.password}@" if parts.password else ""
    return f"redis+socket://{password}{parts.path}?virtual_host={database}"


CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = LONGEST_TASK.total_seconds()
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.number("TASK_GIVEN_AGAIN_SECONDS", int(GIVEN_AGAIN.total_seconds())),
}
CELERY_BEAT_SCHEDULER = "fusus_portal.beat:LivingScheduler"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {}
"""Name to task and schedule (seconds or crontab); each app's block below."""

MESSAGE_LEASE_SECONDS = 120
"""A worker that has not said after this what came of a message is taken for lost; longer than EMAIL_TIMEOUT."""

MESSAGE_SEAL_SECONDS = 600
"""How long a message that links to a receipt waits for the seal of its entry."""

CELERY_BEAT_SCHEDULE["messages: offer again what waits"] = {
    "task": "notifications.sweep",
    "schedule": 15.0,
}

CELERY_BEAT_SCHEDULE["registry: close incidents that nobody verified"] = {
    "task": "registry.close_unverified",
    "schedule": 300.0,
}
CELERY_BEAT_SCHEDULE["registry: end requests whose time is over"] = {
    "task": "registry.expire_requests",
    "schedule": 300.0,
}
CELERY_BEAT_SCHEDULE["registry: end canvasses whose time to answer is over"] = {
    "task": "registry.expire_canvasses",
    "schedule": 300.0,
}
CELERY_BEAT_SCHEDULE["registry: remind owners of requests without an answer"] = {
    "task": "registry.remind",
    "schedule": 900.0,
}
CELERY_BEAT_SCHEDULE["registry: tell owners who looked"] = {
    "task": "registry.tell_looks",
    "schedule": 900.0,
}
CELERY_BEAT_SCHEDULE["registry: take up files left half done, remove abandoned ones"] = {
    "task": "registry.sweep_uploads",
    "schedule": 60.0,
}
CELERY_BEAT_SCHEDULE["registry: delete pictures that no camera has"] = {
    "task": "registry.sweep_snapshots",
    "schedule": crontab(hour=9, minute=40),
}
CELERY_BEAT_SCHEDULE["registry: announce deletions, delete footage whose time is over"] = {
    "task": "registry.delete_footage",
    "schedule": 3600.0,
}

CELERY_BEAT_SCHEDULE["registry: take up imports whose worker is gone"] = {
    "task": "registry.take_up_imports",
    "schedule": 60.0,
}
CELERY_BEAT_SCHEDULE["registry: count what there is, by ZIP code"] = {
    "task": "registry.count",
    "schedule": 900.0,
}
CELERY_BEAT_SCHEDULE["registry: write to the next people of an import"] = {
    "task": "registry.write_to_imported",
    "schedule": 60.0,
}
CELERY_BEAT_SCHEDULE["registry: delete invitations, files and copies that nobody took up"] = {
    "task": "registry.forget_invitations",
    "schedule": 3600.0,
}
CELERY_BEAT_SCHEDULE["registry: say that a registration can be gone on with"] = {
    "task": "registry.remind_drafts",
    "schedule": 3600.0,
}
CELERY_BEAT_SCHEDULE["registry: delete registrations that nobody goes on with"] = {
    "task": "registry.expire_drafts",
    "schedule": 3600.0,
}
CELERY_BEAT_SCHEDULE["registry: close outreach leads whose time is over"] = {
    "task": "registry.close_leads",
    "schedule": 3600.0,
}
CELERY_BEAT_SCHEDULE["registry: report outreach leads, Monday mornings"] = {
    "task": "registry.report_leads",
    "schedule": crontab(hour=14, minute=0, day_of_week=1),
}

CELERY_BEAT_SCHEDULE["integration: tell owners of COREs that are offline"] = {
    "task": "integration.watch_cores",
    "schedule": 60.0,
}
CELERY_BEAT_SCHEDULE["integration: end sharing agreements whose last day is over"] = {
    "task": "integration.end_agreements",
    "schedule": 3600.0,
}
CELERY_BEAT_SCHEDULE["integration: delete agreements whose time to be kept is over"] = {
    "task": "integration.forget_agreements",
    "schedule": crontab(hour=9, minute=50),
}
CELERY_BEAT_SCHEDULE["integration: tell whose sharing agreement ends soon"] = {
    "task": "integration.remind_agreements",
    "schedule": 3600.0,
}

CELERY_BEAT_SCHEDULE["integration: tell owners of live views that have ended"] = {
    "task": "integration.tell_views",
    "schedule": 10.0,
}
CELERY_BEAT_SCHEDULE["integration: flag what is viewed live far longer than is usual"] = {
    "task": "integration.flag_watching",
    "schedule": 900.0,
}
CELERY_BEAT_SCHEDULE["integration: hold the watch-hours against the log"] = {
    "task": "integration.check_watch_hours",
    "schedule": 3600.0,
}
CELERY_BEAT_SCHEDULE["integration: end declarations whose time is over"] = {
    "task": "integration.end_declarations",
    "schedule": 60.0,
}
CELERY_BEAT_SCHEDULE["integration: flag broken glass that nobody justified"] = {
    "task": "integration.flag_broken_glass",
    "schedule": 3600.0,
}
CELERY_BEAT_SCHEDULE["integration: end views that nobody watches or nobody may"] = {
    "task": "integration.sweep_views",
    "schedule": 5.0,
}
CELERY_BEAT_SCHEDULE["shop: follow up what the payment service told"] = {
    "task": "shop.sweep_notices",
    "schedule": 60.0,
}
CELERY_BEAT_SCHEDULE["shop: take up comparisons that no worker heard of"] = {
    "task": "shop.take_up_comparisons",
    "schedule": 300.0,
}
CELERY_BEAT_SCHEDULE["shop: compare the books with the payment service"] = {
    "task": "shop.compare_books_nightly",
    "schedule": crontab(hour=9, minute=30),
}
CELERY_BEAT_SCHEDULE["shop: take up checks of the books that no worker heard of"] = {
    "task": "shop.take_up_book_checks",
    "schedule": 300.0,
}
CELERY_BEAT_SCHEDULE["shop: remind of invoices and of old COREs that are due"] = {
    "task": "shop.remind_of_dues",
    "schedule": crontab(hour=15, minute=5),
}
CELERY_BEAT_SCHEDULE["shop: end connections whose last day has come"] = {
    "task": "shop.end_subscriptions",
    "schedule": 600.0,
}
CELERY_BEAT_SCHEDULE["shop: announce and charge further years, stop what nobody paid"] = {
    "task": "shop.renew_connections",
    "schedule": 600.0,
}
CELERY_BEAT_SCHEDULE["shop: let orders expire that were not paid in time"] = {
    "task": "shop.expire_orders",
    "schedule": 60.0,
}
CELERY_BEAT_SCHEDULE["shop: send refunds that wait, look for those whose outcome is unknown"] = {
    "task": "shop.send_refunds",
    "schedule": 60.0,
}

CELERY_BEAT_SCHEDULE["accounts: delete sessions that have ended"] = {
    "task": "accounts.clear_sessions",
    "schedule": 3600.0,
}
CELERY_BEAT_SCHEDULE["accounts: disable unused accounts, end old proposals"] = {
    "task": "accounts.daily_round",
    "schedule": crontab(hour=9, minute=10),
}

CELERY_BEAT_SCHEDULE["audit: write the entries of visitors' refused acts"] = {
    "task": "audit.settle_tallies",
    "schedule": 60.0,
}
CELERY_BEAT_SCHEDULE["audit: make prints that wait, delete those whose day is over"] = {
    "task": "audit.sweep_prints",
    "schedule": 60.0,
}
CELERY_BEAT_SCHEDULE["audit: delete texts of the log whose time is over"] = {
    "task": "audit.expire",
    "schedule": crontab(hour=9, minute=20),
}
CELERY_BEAT_SCHEDULE["audit: look for lags of the ledger, tell staff of alarms"] = {
    "task": "audit.tell_alarms",
    "schedule": 60.0,
}
CELERY_BEAT_SCHEDULE["audit: check the whole ledger"] = {
    "task": "audit.check_ledger",
    "schedule": 3600.0,
}
