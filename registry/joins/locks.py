"""Lock of a question to join: after the account of the person who asked, and its incident."""

from uuid import UUID

from registry.joins.models import JoinQuestion


def question(pk: UUID) -> JoinQuestion:
    rows = JoinQuestion.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("incident__type", "asked_by").get(pk=pk)
