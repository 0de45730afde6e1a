"""Settings of a decoder (ISO/IEC 14496-15), written anew with parameter sets alone: no SEI, no trailing bytes."""

from typing import Final

AVC_HEAD: Final = 5
HEVC_HEAD: Final = 22
HEVC_SETS: Final = frozenset({32, 33, 34})
"""Video, sequence and picture parameter sets (ITU-T H.265, table 7-1)."""


class BadConfig(ValueError):
    """These bytes are no settings of a decoder."""


def avc(config: bytes) -> bytes:
    """Return an avcC with its sequence and picture parameter sets. Raises BadConfig."""
    reader = ConfigBytes(config)
    head = reader.take(AVC_HEAD)
    if head[0] != 1:
        raise BadConfig
    sequence = [reader.unit() for _each in range(reader.number(1) & 0x1F)]
    picture = [reader.unit() for _each in range(reader.number(1))]
    if not sequence or not picture:
        raise BadConfig
    first = [head, bytes([0xE0 | len(sequence)]), *map(_with_length, sequence)]
    return b"".join([*first, bytes([len(picture)]), *map(_with_length, picture)])


def hevc(config: bytes) -> bytes:
    """Return an hvcC with its parameter sets. Raises BadConfig."""
    reader = ConfigBytes(config)
    head = reader.take(HEVC_HEAD)
    if head[0] != 1:
        raise BadConfig
    arrays = [(reader.number(1), reader.units()) for _array in range(reader.number(1))]
    kept = [(kind, units) for kind, units in arrays if kind & 0x3F in HEVC_SETS and units]
    body = [head, bytes([len(kept)])]
    for kind, units in kept:
        body += [bytes([kind]), len(units).to_bytes(2, "big"), *map(_with_length, units)]
    return b"".join(body)


class ConfigBytes:
    """Bytes that are read from their beginning. Each call raises BadConfig beyond their end."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    def take(self, amount: int) -> bytes:
        found = self._body[self._at : self._at + amount]
        if len(found) < amount:
            raise BadConfig
        self._at += amount
        return found

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width), "big")

    def units(self) -> list[bytes]:
        return [self.unit() for _unit in range(self.number(2))]

    def unit(self) -> bytes:
        return self.take(self.number(2))


def _with_length(unit: bytes) -> bytes:
    return len(unit).to_bytes(2, "big") + unit
