from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from fusus_portal.ground.notifications.models import TextNumber
from fusus_portal.ground.notifications.policies import CODE_MINUTES, code_of


def text_code(context: Context) -> Mapping[str, object]:
    """Context: number (id). Built on rendering, so that the code is never stored."""
    number = TextNumber.objects.get(pk=str(context["number"]))
    return {"code": code_of(number), "minutes": CODE_MINUTES}


def texts_on(context: Context) -> Mapping[str, object]:
    """Context: ending (the last digits of the number)."""
    return {"ending": context["ending"], "link": absolute(reverse("texts"))}
