from django.utils import translation

from fusus_portal.ground.notifications.channels.text.letters import fits, plain
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.variables import Build, variables_of


def render(*, kind: MessageKind, language: str, build: Build, number: str) -> str:
    """Return a text as one line that names the office, by its short name if it is too long. Otherwise as for mail."""
    with translation.override(language):
        variables = variables_of(kind=kind_of(kind), build=build, number=number)
        offices = [variables["agency"][name] for name in ("name", "short_name")]
        texts = [_one_line(str(kind_of(kind).text) % {**variables, "office": office}) for office in offices]
    return next(filter(fits, texts), texts[-1])


def _one_line(text: str) -> str:
    return plain(" ".join(text.split()))
