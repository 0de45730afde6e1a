"""Streams in the live Valkey: the last pieces, sealed by a key of the portal, the playlist, and the right to send.

The keys of one stream share a tag in braces, so that a cluster keeps them together. Each script runs as a whole:
nothing is put into a stream that was closed in between.
"""

import json
import os
import time
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import redis
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.crypto import salted_hmac
from redis.client import Pipeline
from redis.exceptions import OutOfMemoryError

from integration.live.video import connection, hls
from integration.rules import DECISION_LIFE, HLS_WANTED_SECONDS, SEGMENT_KEPT, STREAM_BYTES

SEAL_SALT: Final = "integration.live.video"
NONCE_BYTES: Final = 12


def seal(stream: UUID, number: int, body: bytes) -> bytes:
    """Return a piece of video encrypted for the memory. It opens only as this number of this stream."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _seal_key(stream).encrypt(nonce, body, str(number).encode())


def unseal(stream: UUID, number: int, sealed: bytes) -> bytes | None:
    """Return a piece of video, None for bytes that were not sealed as this number of this stream."""
    try:
        return _seal_key(stream).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], str(number).encode())
    except (InvalidTag, ValueError):
        return None


def _seal_key(stream: UUID) -> AESGCM:
    return AESGCM(salted_hmac(SEAL_SALT, str(stream), algorithm="sha256").digest())


KEPT_MS: Final = int(SEGMENT_KEPT.total_seconds() * 1000)
LIST_KEPT_MS: Final = 60 * 60 * 1000
"""Milliseconds; longer than video. Lists hold no picture, but how often a stream began again, and its last piece."""

LEAVE_MS: Final = int(DECISION_LIFE.total_seconds() * 1000)
ROOM_FOR_THE_REST: Final = 0.9
"""Share of the memory for video. The rest is for decisions and notes, without which nobody sees anything."""

MOST_HELD: Final = 40
SENT_KEPT_SECONDS: Final = 24 * 60 * 60

_PUT: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'closed' end
local newest = redis.call('LINDEX', KEYS[2], -1)
if newest and tonumber(ARGV[2]) <= tonumber(string.match(newest, '^%d+')) then return 'old' end
redis.call('SET', KEYS[3] .. ARGV[2], ARGV[3], 'PX', ARGV[4])
redis.call('RPUSH', KEYS[2], ARGV[2] .. ':' .. #ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[7])
local held = redis.call('LRANGE', KEYS[2], 0, -1)
local bytes = 0
for place = #held, 1, -1 do
  local number, size = string.match(held[place], '^(%d+):(%d+)$')
  bytes = bytes + tonumber(size)
  if bytes > tonumber(ARGV[5]) or #held - place >= tonumber(ARGV[6]) then
    for gone = 1, place do
      redis.call('DEL', KEYS[3] .. string.match(redis.call('LPOP', KEYS[2]), '^%d+'))
    end
    break
  end
end
return 'kept'
"""
_LIST: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'closed' end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return 'kept'
"""
_CLOSE: Final = """
for _, held in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  redis.call('DEL', KEYS[3] .. string.match(held, '^%d+'))
end
return redis.call('DEL', KEYS[1], KEYS[2], KEYS[4], KEYS[5], KEYS[6])
"""


class LiveFull(Exception):
    """The live Valkey has no room for another piece of video."""


class Closed(Exception):
    """The stream may not send now: it ended, or its token must be checked again."""


class OutOfOrder(Exception):
    """The stream already has a piece with this number or a later one."""


def let_in(stream: UUID, digest: bytes) -> None:
    """Note for 1.5 seconds that a token may send. Call it while the stream's row is locked: closing comes later."""
    _told(lambda client: client.set(_key(stream, "leave"), digest.hex(), px=LEAVE_MS))


def is_let_in(stream: UUID, digest: bytes) -> bool:
    return bool(_told(lambda client: client.get(_key(stream, "leave"))) == digest.hex().encode())


def put_segment(stream: UUID, digest: bytes, number: int, body: bytes) -> None:
    """Store a piece of video for half a minute. Raises Closed, OutOfOrder, LiveFull."""
    memory = _told(lambda client: client.info("memory"))
    largest = int(memory["maxmemory"])
    if largest and int(memory["used_memory"]) + len(body) > largest * ROOM_FOR_THE_REST:
        raise LiveFull
    sealed = seal(stream, number, body)
    keys = [_key(stream, "leave"), _key(stream, "held"), _key(stream, "segment:")]
    answer = _run(_PUT, keys, [digest.hex(), number, sealed, KEPT_MS, STREAM_BYTES, MOST_HELD, LIST_KEPT_MS])
    if answer == b"closed":
        raise Closed
    if answer == b"old":
        raise OutOfOrder


def put_playlist(stream: UUID, digest: bytes, playlist: hls.Playlist) -> None:
    """Store the newest playlist, without pieces that are not in memory. Raises Closed, LiveFull."""
    there = set(numbers(stream))
    kept = tuple(entry for entry in playlist.entries if entry.number in there)
    if not kept:
        return
    before = read_playlist(stream)
    breaks = before.breaks if before else 0
    if before and kept[0].number > before.entries[-1].number + 1:
        breaks += 1
    packed = json.dumps([time.time(), breaks, *kept])
    if _run(_LIST, [_key(stream, "leave"), _key(stream, "list")], [digest.hex(), packed, LIST_KEPT_MS]) == b"closed":
        raise Closed


def read_playlist(stream: UUID) -> hls.Playlist | None:
    packed = _told(lambda client: client.get(_key(stream, "list")))
    if not packed:
        return None
    at, breaks, *entries = json.loads(packed)
    return hls.Playlist(tuple(hls.Entry(*each) for each in entries), breaks, at)


def read_segment(stream: UUID, number: int) -> bytes | None:
    sealed = _told(lambda client: client.get(_key(stream, f"segment:{number}")))
    return unseal(stream, number, sealed) if sealed else None


def numbers(stream: UUID) -> list[int]:
    held = _told(lambda client: client.lrange(_key(stream, "held"), 0, -1))
    return [int(each.partition(b":")[0]) for each in held]


def close(stream: UUID) -> None:
    """Revoke the right to send, and delete everything of a stream. Works when memory is full."""
    _run(_CLOSE, [_key(stream, part) for part in ("leave", "held", "segment:", "list", "told", "hls")], [])


def note_told(stream: UUID) -> None:
    """Note when the CORE first got the order to send a stream."""
    _told(lambda client: client.set(_key(stream, "told"), f"{time.time():.3f}", nx=True, px=LIST_KEPT_MS))


def told_at(stream: UUID) -> float:
    """Return when the CORE got the order to send a stream, as Unix seconds; 0 if it has not."""
    return float(_told(lambda client: client.get(_key(stream, "told"))) or 0)


def want_hls(stream: UUID) -> bool:
    """Note that a page asks for HLS of a stream. True if none did for 15 seconds."""
    key = _key(stream, "hls")
    return _told(lambda client: client.set(key, "1", ex=HLS_WANTED_SECONDS, get=True)) is None


def wants_hls(stream: UUID) -> bool:
    return bool(_told(lambda client: client.exists(_key(stream, "hls"))))


def count_sent(grant: UUID, amount: int) -> None:
    with connection.answering() as server:
        pipe = server.pipeline(transaction=False)
        count_sent_of(pipe, grant, amount)
        pipe.execute()


def count_sent_of(pipe: Pipeline, grant: UUID, amount: int) -> None:
    pipe.incrby(_sent(grant), amount)
    pipe.expire(_sent(grant), SENT_KEPT_SECONDS)


def sent(grant: UUID) -> int:
    return int(_told(lambda client: client.get(_sent(grant))) or 0)


def _run(script: str, keys: list[str], arguments: list[str | int | bytes]) -> Any:
    return _told(lambda client: client.eval(script, len(keys), *keys, *arguments))


def _told(ask: Callable[[redis.Redis], Any]) -> Any:
    with connection.answering() as server:
        try:
            return ask(server)
        except OutOfMemoryError as error:
            raise LiveFull from error


def _key(stream: UUID, part: str) -> str:
    return f"live:{{{stream}}}:{part}"


def _sent(grant: UUID) -> str:
    return f"live:sent:{grant}"
