from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form


def filtered(form: Form, rows: QuerySet[Any], size: int) -> dict[str, Any]:
    """Return a list page's form, its rows and the query of its other pages. size: rows of a page."""
    query = "".join(f"{urlencode({name: form.data[name]})}&" for name in form.fields if form.data.get(name))
    page = Paginator(rows, size).get_page(form.data.get("page"))
    return {"form": form, "page": page, "query": query, "is_filtered": bool(query)}
