"""The forms of a page, filled in as somebody would who does what they offer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.r4.world import BEGINNING

WORDS = "Two witnesses saw a blue van leave by the alley behind the school."
TYPED: dict[str, str] = {
    "reason": WORDS,
    "number": "2026-990001",
    "place": "Kelly Ingram Park, 16th Street North",
    "latitude": "33.5207",
    "longitude": "-86.8109",
    "days": "10",
}
"""Values that are typed, by the name of the field.

Elsewhere what a page has filled in stays, and the first choice or suggestion is taken.
"""

WHERE_EMPTY: dict[str, str] = {
    "starts_at": f"{BEGINNING:%Y-%m-%d}T06:00",
    "ends_at": f"{BEGINNING:%Y-%m-%d}T07:00",
}

NEVER_SENT = {"submit", "button", "image", "file", "reset"}

Fields = dict[str, list[str]]


@dataclass
class Form:
    """One form that changes something: where it goes, and what it would send.

    leads_elsewhere: one of its buttons has an address of its own.
    """

    action: str
    fields: Fields = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    leads_elsewhere: bool = False

    def sent(self) -> Iterator[Fields]:
        """Yield what it sends, once for each of its buttons."""
        for name, value in self.buttons or ([] if self.leads_elsewhere else [("", "")]):
            yield self.fields | ({name: [value]} if name else {})


def forms_of(page: str, path: str) -> list[Form]:
    """Return the forms of a page that change something, filled in. path: of the page."""
    reader = _Reader(path)
    reader.feed(page)
    return reader.forms


def what(action: str, fields: Fields) -> tuple[object, ...]:
    """Return what identifies an act: address and fields, without a page to go back to."""
    return action, tuple(sorted((name, tuple(values)) for name, values in fields.items() if name != "next"))


class _Reader(HTMLParser):
    """Reads forms and what is in them. select: the choice that it is inside of."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self.current: Form | None = None
        self.select = ""
        self.suggests = ""
        self.typed: dict[str, tuple[Form, str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a form, or read a field of one."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.current = None
            if said.get("method", "").lower() == "post":
                self.current = Form((said.get("action") or self.path).partition("#")[0])
                self.forms.append(self.current)
        elif tag == "datalist":
            self.suggests = said["id"]
        elif tag == "option" and self.suggests in self.typed:
            form, name = self.typed.pop(self.suggests)
            form.fields[name] = [said["value"]]
        elif self.current is not None and "disabled" not in said:
            self._field(self.current, tag, said)

    def handle_endtag(self, tag: str) -> None:
        """End a form or a choice."""
        if tag == "form":
            self.current = None
        elif tag == "select":
            self.select = ""

    def _field(self, form: Form, tag: str, said: dict[str, str]) -> None:
        name = said.get("name", "")
        if tag == "option" and self.select and said.get("value"):
            if not form.fields[self.select] or "selected" in said:
                form.fields[self.select] = [said["value"]]
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            _input(form, name, said)
            if "list" in said:
                self.typed[said["list"]] = form, name
        elif tag == "select" and name:
            self.select = name
            form.fields[name] = []
        elif tag == "textarea":
            form.fields[name] = [TYPED.get(name, WORDS)]
        elif tag == "button" and said.get("type", "submit") == "submit":
            self._button(form, said)

    def _button(self, form: Form, said: dict[str, str]) -> None:
        button = said.get("name", ""), said.get("value", "")
        if said.get("formaction", "").startswith("/"):
            form.leads_elsewhere = True
            self.forms.append(Form(said["formaction"], form.fields, [button]))
        else:
            form.buttons.append(button)


def _input(form: Form, name: str, said: dict[str, str]) -> None:
    kind, value = said.get("type", "text"), said.get("value", "")
    if kind == "radio":
        if "checked" in said or name not in form.fields:
            form.fields[name] = [value]
    elif kind == "checkbox":
        form.fields.setdefault(name, []).append(value or "on")
    elif kind not in NEVER_SENT:
        form.fields[name] = [
            value if kind == "hidden" and value else TYPED.get(name, value or WHERE_EMPTY.get(name, ""))
        ]
