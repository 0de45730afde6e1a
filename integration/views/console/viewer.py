"""From where somebody asks for live video."""

from typing import TypedDict

from django.http import HttpRequest

from fusus_portal.access.source import address_of, sign_in_of


class Viewer(TypedDict):
    """A network address, and the digest of a sign-in."""

    network: str
    session: bytes


def viewer_of(request: HttpRequest) -> Viewer:
    """Return from where a request comes. A view works from there, and from nowhere else."""
    return Viewer(network=address_of(request), session=bytes.fromhex(sign_in_of(request)))
