from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind, TextWish
from fusus_portal.ground.notifications.models import TextNumber
from fusus_portal.ground.notifications.policies import CODE_MINUTES, code_of


class TextCodeMessage(PublicKind, kind=MessageKind.TEXT_CODE):
    purpose = _("Confirms the phone number of a person who wants text messages. It comes by text alone.")
    text = _(
        "%(office)s: your code is %(code)s. It is good for %(minutes)s minutes. Reply STOP to end texts, HELP for help."
    )
    needs = "code minutes"
    texted = TextWish.CODE
    mailed = False
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: number (id of the TextNumber)."""
        number = TextNumber.objects.get(pk=str(context["number"]))
        return {"code": code_of(number), "minutes": CODE_MINUTES}


class TextsOnMessage(PublicKind, kind=MessageKind.TEXTS_ON):
    purpose = _("Tells a person that texts to a phone were turned on, and what to do if it was not them.")
    subject = _("Text messages from %(short_name)s are on, notice %(number)s")
    needs = "ending link"
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: ending (the last digits of the number)."""
        return {"ending": context["ending"], "link": absolute(reverse("texts"))}
