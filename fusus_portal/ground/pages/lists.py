"""Lists that people filter and turn the pages of."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form


def filtered(form: Form, rows: QuerySet[Any], size: int) -> dict[str, Any]:
    """Return what a page of a list says: its form, the rows, and what the addresses of its other pages begin with.

    form: of the request's query, which names the page. size: rows of a page.
    """
    query = "".join(f"{urlencode({name: form.data[name]})}&" for name in form.fields if form.data.get(name))
    page = Paginator(rows, size).get_page(form.data.get("page"))
    return {"form": form, "page": page, "query": query, "is_filtered": bool(query)}
