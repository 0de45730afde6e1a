"""The task queue: JSON only, acknowledged after the work, nothing lost with a worker."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from celery.schedules import crontab
from kombu import Queue

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
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.number("TASK_GIVEN_AGAIN_SECONDS", int(GIVEN_AGAIN.total_seconds())),
}
CELERY_BEAT_SCHEDULER = "fusus_portal.beat:LivingScheduler"

MESSAGE_LEASE_SECONDS = 120
"""A worker that has not said after this what came of a message is taken for lost; longer than EMAIL_TIMEOUT."""

MESSAGE_SEAL_SECONDS = 600
"""How long a message that links to a receipt waits for the seal of its entry."""

MESSAGE_QUEUE, FILE_QUEUE, CLOCK_QUEUE = "messages", "files", "clock"
QUEUES = (MESSAGE_QUEUE, FILE_QUEUE, CLOCK_QUEUE)
"""Three queues, each with workers of its own, so that nothing short waits for something long."""

AWAITED_TASKS = (
    "notifications.deliver",
    "push.send",
    "shop.send_refund",
    "shop.work_on_notice",
)
"""Short, and somebody waits for each: in the queue of messages."""

SHORT_TURNS: dict[str, float | crontab] = {
    "notifications.sweep": 5.0,
    "registry.close_unverified": 300.0,
    "registry.settle_closings": 30.0,
    "registry.expire_requests": 300.0,
    "registry.expire_canvasses": 300.0,
    "registry.remind": 900.0,
    "registry.tell_looks": 900.0,
    "registry.tell_months": 3600.0,
    "registry.sweep_uploads": 60.0,
    "registry.sweep_snapshots": crontab(hour=9, minute=40),
    "registry.take_up_imports": 60.0,
    "registry.write_to_imported": 60.0,
    "registry.forget_invitations": 3600.0,
    "registry.remind_drafts": 3600.0,
    "registry.expire_drafts": 3600.0,
    "registry.close_leads": 3600.0,
    "registry.report_leads": crontab(hour=14, minute=0, day_of_week=1),
    "integration.watch_cores": 60.0,
    "integration.end_agreements": 3600.0,
    "integration.forget_agreements": crontab(hour=9, minute=50),
    "integration.remind_agreements": 3600.0,
    "integration.tell_views": 10.0,
    "integration.flag_watching": 900.0,
    "integration.end_declarations": 60.0,
    "integration.flag_broken_glass": 3600.0,
    "integration.sweep_views": 5.0,
    "shop.remind_of_dues": crontab(hour=15, minute=5),
    "shop.end_subscriptions": 600.0,
    "shop.expire_orders": 60.0,
    "shop.discard_held_papers": 3600.0,
    "agency.announce_words": 60.0,
    "accounts.end_suspensions": 60.0,
    "accounts.clear_sessions": 3600.0,
    "accounts.daily_round": crontab(hour=9, minute=10),
    "worklist.tell": 30.0,
    "worklist.forget": crontab(hour=9, minute=30),
    "streets.take_up": 60.0,
    "audit.settle_tallies": 60.0,
    "audit.settle_sightings": 60.0,
    "audit.sweep_prints": 60.0,
    "audit.tell_alarms": 60.0,
}
"""Tasks of the clock that take a second or two: in a queue of their own."""

LONG_TURNS: dict[str, float | crontab] = {
    "streets.clear": 3600.0,
    "registry.delete_footage": 3600.0,
    "registry.count": 900.0,
    "registry.count_coverage": crontab(hour=9, minute=40),
    "registry.make_letters": 3600.0,
    "integration.check_watch_hours": 3600.0,
    "shop.sweep_notices": 60.0,
    "shop.send_refunds": 60.0,
    "shop.take_up_comparisons": 300.0,
    "shop.compare_books_nightly": crontab(hour=9, minute=30),
    "shop.take_up_book_checks": 300.0,
    "shop.renew_connections": 600.0,
    "review.keep_up": 600.0,
    "audit.mail_searches": 600.0,
    "audit.expire": crontab(hour=9, minute=20),
    "audit.check_ledger": 3600.0,
    "audit.check_whole_ledger": 600.0,
    "oversight.count_figures": crontab(hour=9, minute=5),
    "oversight.check_figures": crontab(hour=10, minute=20),
}
"""Tasks of the clock that may take minutes, or wait for the payment service: in the queue of files."""

TASK_TIMES = {**SHORT_TURNS, **LONG_TURNS}
"""When each task runs: so many seconds after its last start, or at a time of the day in UTC."""

CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in QUEUES]
CELERY_TASK_DEFAULT_QUEUE = FILE_QUEUE
CELERY_TASK_ROUTES = {
    **{task: {"queue": MESSAGE_QUEUE} for task in AWAITED_TASKS},
    **{task: {"queue": CLOCK_QUEUE} for task in SHORT_TURNS},
}
"""Which queue a task is in, by its name. What is not named here is about files, or long."""


LEAST_EXPIRY = 15.0
"""Seconds: the clocks of beat and worker may differ by some."""


def turn(when: float | crontab) -> float:
    """Return the seconds until a task's next turn: one that no worker took by then is not done twice."""
    if isinstance(when, float):
        return max(when, LEAST_EXPIRY)
    days_of_week: set[int] = vars(when)["day_of_week"]  # which the types of crontab leave out
    return timedelta(days=7 / len(days_of_week)).total_seconds()


CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    task: {"task": task, "schedule": when, "options": {"expires": turn(when)}} for task, when in TASK_TIMES.items()
}
