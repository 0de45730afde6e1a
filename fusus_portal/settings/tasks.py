"""The task queue: tasks are JSON, and acknowledged after the work, so that a lost worker loses no task."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from celery.schedules import crontab
from kombu import Queue

from fusus_portal.ground import env


def broker_address(url: str) -> str:
    """Return a Redis address as Celery writes it, which has a scheme of its own for unix sockets."""
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
CELERY_TASK_TIME_LIMIT = 50 * 60.0
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A task whose worker vanished goes to another one after this: longer than any task may take.
    "visibility_timeout": env.number("TASK_GIVEN_AGAIN_SECONDS", 60 * 60),
}
CELERY_BEAT_SCHEDULER = "fusus_portal.beat:LivingScheduler"

MESSAGE_LEASE_SECONDS = 120
"""Seconds without a result after which the worker that sends a message counts as lost; longer than EMAIL_TIMEOUT."""

MESSAGE_SEAL_SECONDS = 600
"""Most seconds that a message with a link to a receipt waits until the receipt's entry is sealed."""

MESSAGE_QUEUE, FILE_QUEUE, CLOCK_QUEUE = "messages", "files", "clock"
QUEUES = (MESSAGE_QUEUE, FILE_QUEUE, CLOCK_QUEUE)
"""Queues of tasks. Each has workers of its own, so that no short task waits for a long one."""

AWAITED_TASKS = (
    "notifications.deliver",
    "push.send",
    "shop.send_refund",
    "shop.work_on_notice",
)
"""Short tasks that somebody waits for: in the queue of messages."""

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
"""Scheduled tasks of a second or two, with their times: in a queue of their own."""

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
"""Scheduled tasks that may take minutes, or wait for the payment service: in the queue of files."""

TASK_TIMES = {**SHORT_TURNS, **LONG_TURNS}
"""All scheduled tasks: seconds between two starts, or a time of day in UTC."""

CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in QUEUES]
CELERY_TASK_DEFAULT_QUEUE = FILE_QUEUE
CELERY_TASK_ROUTES = {
    **{task: {"queue": MESSAGE_QUEUE} for task in AWAITED_TASKS},
    **{task: {"queue": CLOCK_QUEUE} for task in SHORT_TURNS},
}
"""Queue of a task, by its name. Tasks not named here are about files, or long, and in the queue of files."""


LEAST_EXPIRY = 15.0
"""Least seconds until a scheduled task expires: the clocks of beat and worker may differ a little."""


def expiry_seconds(when: float | crontab) -> float:
    """Return the seconds after which a scheduled task that no worker took expires: the time to its next start."""
    if isinstance(when, float):
        return max(when, LEAST_EXPIRY)
    days_of_week: set[int] = vars(when)["day_of_week"]  # the types of crontab leave it out
    return timedelta(days=7 / len(days_of_week)).total_seconds()


CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    task: {"task": task, "schedule": when, "options": {"expires": expiry_seconds(when)}}
    for task, when in TASK_TIMES.items()
}
