"""How a request is served, by the address that it names and the marks of the view there."""

from urllib.parse import unquote

from django.urls import Resolver404, resolve

from fusus_portal.serving.lanes import Lane, Way, way_of


def way_to(path: str, *, has_body: bool) -> Way:
    """Return the way. path: as it stands in the request, without its query. What is nowhere is a page that says so."""
    try:
        return way_of(resolve(unquote(path)).func, has_body=has_body)
    except Resolver404:
        return Way(Lane.PAGES)
