"""The list of incidents."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.forms import Form

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from registry.incidents.selectors import incidents
from registry.incidents.selectors.incidents import IncidentQuery

PAGE = 25


def page(form: Form, wanted: IncidentQuery, user: User, number: str) -> dict[str, Any]:
    """Return one page of the incidents that this person may see, in three queries. number: of the page, as asked."""
    shown = Paginator(incidents.search(user, wanted), PAGE).get_page(number)
    query = urlencode({name: value for name, value in form.data.items() if value and name != "page"})
    return {
        "form": form,
        "page": shown,
        "incidents": shown.object_list,
        "query": f"{query}&" if query else "",
        "is_searching": bool(query),
        "sees_all": user.role == Role.SUPERVISOR,
    }
