"""Contract: what the catalogue asks of parcels."""

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID

from fusus_portal.ground.hooks import Hook


class Packed(Protocol):
    """Contents of the parcels that no carrier has yet. One query each."""

    def pieces(self) -> Mapping[UUID, int]:
        """Return the number of packed pieces by product id."""

    def cores(self) -> Collection[UUID]:
        """Return the ids of COREs that are packed, or that arrived and are not in use yet."""


packed = Hook[Packed]("shop.catalogue.hooks.packed")
