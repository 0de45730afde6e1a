"""Signed links contain the ids that they name; nothing is stored. A token is base64url of packed values and MAC."""

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac

from fusus_portal.ground.lifecycle import NotYours

MAC_BYTES = 20


@dataclass(frozen=True, slots=True)
class SignedLink:
    """A kind of signed link. salt: unique to the kind. form: format of its values, for `struct`."""

    salt: str
    form: str

    def token(self, *named: Any) -> str:
        signed = struct.pack(self.form, *named)
        return base64.urlsafe_b64encode(signed + self._mac(signed)).decode().rstrip("=")

    def read(self, token: str, sentence: str) -> tuple[Any, ...]:
        """Return a token's values. Raises NotYours with the sentence for a token that we did not make."""
        size = struct.calcsize(self.form)
        try:
            decoded = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            signed, mac = decoded[:size], decoded[size:]
            named = struct.unpack(self.form, signed)
        except (binascii.Error, ValueError, struct.error) as error:
            raise NotYours(sentence) from error
        if not hmac.compare_digest(mac, self._mac(signed)):
            raise NotYours(sentence)
        return named

    def _mac(self, signed: bytes) -> bytes:
        return salted_hmac(self.salt, signed, algorithm="sha256").digest()[:MAC_BYTES]
