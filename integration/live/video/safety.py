"""Settings of the live Valkey, read back: with the usual ones it would write video to a disk every few minutes."""

import logging
from contextlib import suppress
from typing import Final

import redis
from django.conf import settings

from integration.live.video.connection import LiveUnavailable, answering

logger = logging.getLogger(__name__)

KEEPS_A_FILE: Final = 'It writes its memory to a file (save). Set: save ""'
KEEPS_A_LOG: Final = "It writes what it is told to a file (appendonly). Set: appendonly no"
NO_LIMIT: Final = "Its memory has no limit (maxmemory). Set one, such as: maxmemory 512mb"
DROPS: Final = "It drops what it holds when it is full (maxmemory-policy). Set: maxmemory-policy noeviction"
COPIES: Final = "It hands its memory to another server (replication). Detach it."
UNREADABLE: Final = "It does not let its settings be read (CONFIG GET), so nothing is known of them."


def faults() -> list[str]:
    """Return what is wrong with the live Valkey's settings, [] if it may hold video. Raises LiveUnavailable."""
    with answering() as server:
        try:
            said = server.config_get("save", "appendonly", "maxmemory", "maxmemory-policy")
            copies = server.info("replication")
        except redis.ResponseError:
            return [UNREADABLE]
    wrong = {
        KEEPS_A_FILE: said.get("save") != "",
        KEEPS_A_LOG: said.get("appendonly") != "no",
        NO_LIMIT: said.get("maxmemory") in (None, "", "0"),
        DROPS: said.get("maxmemory-policy") != "noeviction",
        COPIES: copies.get("role") != "master" or int(copies.get("connected_slaves", 0)) > 0,
    }
    return [sentence for sentence, is_wrong in wrong.items() if is_wrong]


def is_safe() -> bool:
    """True if the live Valkey answers, and keeps video only in its memory."""
    with suppress(LiveUnavailable):
        return not faults()
    return False


def log_faults() -> None:
    """Log what is wrong with the live Valkey when the web server starts. Pages still work; only live view refuses."""
    try:
        wrong = faults() if settings.LIVE_REDIS_URL else ["It names no server, so nobody sees anything live."]
    except LiveUnavailable:
        wrong = ["The server does not answer, so nobody sees anything live."]
    for sentence in wrong:
        logger.warning("LIVE_REDIS_URL: %s", sentence)
