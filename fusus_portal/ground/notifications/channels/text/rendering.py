from django.template.loader import render_to_string
from django.utils import translation

from fusus_portal.ground.notifications.channels.text.letters import fits, plain
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.variables import Build, variables_of


def render(*, kind: MessageKind, language: str, build: Build, number: str) -> str:
    """Return a text as one line that names the office, by its short name if it is too long. Otherwise as for mail."""
    with translation.override(language):
        variables = variables_of(kind=kind, build=build, number=number, language=language)
        agency = variables["agency"]
        texts = [_written(kind, {**variables, "office": agency[name]}) for name in ("name", "short_name")]  # type: ignore[index]
    return next(filter(fits, texts), texts[-1])


def _written(kind: MessageKind, variables: dict[str, object]) -> str:
    return plain(" ".join(render_to_string(f"messages/{kind.value}/text.txt", variables).split()))
