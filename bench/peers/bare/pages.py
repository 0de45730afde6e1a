"""A bare page, a bare question and a bare piece of video; and their addresses."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

QUESTIONS, ROWS = 10, 200
ADDRESS, QUESTION = "/page", "/question"
TEMPLATE = Engine().from_string(
    "<table>{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.street }}</td><td>{{ row.camera }}</td>"
    '<td><a href="/rows/{{ row.number }}/">{{ row.open }}</a></td></tr>{% endfor %}</table>'
)


def page(request: HttpRequest | None = None) -> HttpResponse:
    """Ask ten questions, and show 200 rows: some 25,000 bytes."""
    for number in range(QUESTIONS):
        street = ask(number)
    rows = [{"number": number, "street": street, "camera": "Front door", "open": "Open"} for number in range(ROWS)]
    return HttpResponse(TEMPLATE.render(Context({"rows": rows})))


def question(request: HttpRequest) -> HttpResponse:
    """Read what is sent, ask one question, and say nothing."""
    return HttpResponse(ask(len(request.body)), content_type="text/plain")


def piece(request: HttpRequest, size: int) -> HttpResponse:
    """Send so many bytes."""
    return HttpResponse(bytes(size), content_type="video/mp2t")


def ask(number: int) -> str:
    """Ask the database something that it knows without looking."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::integer, '600 20th Street North'", [number])
        return str(cursor.fetchone()[1])


urlpatterns = [path("page", page), path("question", question), path("piece/<int:size>", piece)]
