from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import unquote

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from fusus_portal.ground.serving.lanes import Lane, Way, is_marked, way_of


def way_to(path: str, *, has_body: bool) -> Way:
    try:
        return way_of(_marked().resolve(unquote(path)).func, has_body=has_body)
    except Resolver404:
        return Way(Lane.PAGES)


@cache
def _marked() -> URLResolver:
    """Return only the marked URL patterns: some forty to search for each request."""
    return URLResolver(RegexPattern(r"^/"), list(_pruned(get_resolver().url_patterns)))


def _pruned(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if is_marked(pattern.callback):
                yield pattern
        elif kept := list(_pruned(pattern.url_patterns)):
            yield URLResolver(pattern.pattern, kept)
