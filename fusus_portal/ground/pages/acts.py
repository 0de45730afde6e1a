"""Pages that say what one act does before it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

CONSOLE = "console/base.html"
OWN = "public/base_narrow.html"

IN_PLACE = "X-In-Place"
"""Header of a form that a script sends from a row or from beside it."""

Words = str | Promise


class Way(NamedTuple):
    """The way back. above: label of a link above the heading, or "". cancel: label beside the button; "" for "Back"."""

    url: str
    above: str = ""
    cancel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage:
    """A page that says what an act does. number: in the name of the tab, after the title. heading: "" for the title.

    label, kind: of the button. sections: lines by heading. refusal: in place of the form. post_url: "" for its own.
    """

    title: Words
    label: Words
    way: Way
    base: str = CONSOLE
    number: str = ""
    heading: str = ""
    intro: Words = ""
    points: Sequence[str] = ()
    facts: Sequence[tuple[Words, str]] = ()
    sentences: Sequence[Words] = ()
    sections: Sequence[tuple[str, Sequence[str]]] = ()
    refusal: str = ""
    kind: str = ""
    post_url: str = ""

    def answer(self, request: HttpRequest, form: BaseForm | None = None, *, status: int = 200) -> HttpResponse:
        return render(request, "components/act.html", {"act": self, "form": form}, status=status)


def answer_done(request: HttpRequest, sentence: str, to: str, *arguments: object) -> HttpResponse:
    """Answer an act that is done: with its sentence alone where a script shows it in place, else on the next page.

    to, arguments: name and arguments of that page's address.
    """
    if IN_PLACE in request.headers:
        return HttpResponse(sentence, content_type="text/plain; charset=utf-8")
    messages.success(request, sentence)
    return redirect(to, *arguments)
