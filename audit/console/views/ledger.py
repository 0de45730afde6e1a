"""The ledger over HTTP: the public part of the tree, and its entries and receipts for auditors.

The public part moves once an hour (`audit.ledger.publication`), so it never reveals that somebody is looking now.
Answers are plain text and bytes for programs. A missing file is a plain 404 without an entry: nothing was refused.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from audit.ledger import export, keys, publication, services
from audit.ledger.models import WIDTH
from audit.ledger.receipts import attachment
from audit.ledger.tree.addresses import read_place, read_tile
from audit.ledger.tree.tiles import NoSuchTile, Tree
from fusus_portal.ground.access import Permission, public, requires
from fusus_portal.ground.access.requests import SignedInRequest

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
PROGRAM = "text/x-python; charset=utf-8"
A_MINUTE = 60
AN_HOUR = 60 * 60
A_YEAR = 365 * 24 * 60 * 60


@public
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    published = publication.published()
    if published is None:
        return _absent("No checkpoint is published yet. The first one comes at a full hour.")
    return _kept(HttpResponse(published.note, content_type=TEXT), A_MINUTE)


@public
@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """Return the keys that signed checkpoints, newest first, one on a line: `NAME+ID+BASE64`."""
    known = keys.known()
    if not known:
        return _absent("The log has no key yet.")
    return _kept(HttpResponse("".join(f"{verifier}\n" for verifier in known), content_type=TEXT), A_MINUTE)


@public
@require_safe
def tile(request: HttpRequest, address: str) -> HttpResponse:
    """Return a full tile of hashes, or the first ones of a tile. The tree ends at the published size."""
    try:
        level, place = read_tile(address)
        published = publication.published()
        there = published.size >> (8 * level) if published else 0
        if place.n * WIDTH + place.width > there:
            return _absent("The published tree has no such tile.")
        content = Tree().tile(level, place.n, place.width)
    except NoSuchTile as error:
        return _absent(f"There is no such tile: {error}.")
    response = HttpResponse(content, content_type=BYTES)
    return _kept(response, A_YEAR, immutable=True) if place.width == WIDTH else _kept(response, AN_HOUR)


@public
@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    if not export.VERIFIER.is_file():
        return _absent("The verifier is not part of this installation.")
    headers = {"Content-Type": PROGRAM, "Content-Disposition": 'attachment; filename="verifier.py"'}
    return _kept(HttpResponse(export.VERIFIER.read_bytes(), headers=headers), AN_HOUR)


@requires(Permission.AUDIT)
@require_safe
def entries(request: SignedInRequest, address: str) -> HttpResponse:
    try:
        content = services.take_bundle(place=read_place(address), by=request.user.actor)
    except NoSuchTile as error:
        return _absent(f"There is no such bundle: {error}.")
    return HttpResponse(content, content_type=BYTES)


@requires(Permission.AUDIT)
@require_safe
def receipt(request: SignedInRequest, entry: int) -> HttpResponse:
    found = services.take_receipt(entry=entry, by=request.user.actor)
    return HttpResponse(str(found), headers=attachment(f"entry-{entry}"))


def _absent(why: str) -> HttpResponse:
    response = HttpResponse(f"{why}\n", status=404, content_type=TEXT)
    add_never_cache_headers(response)
    return response


def _kept(response: HttpResponse, seconds: int, *, immutable: bool = False) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={seconds}{', immutable' if immutable else ''}"
    return response
