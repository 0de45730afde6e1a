"""Mails about looks. Their contexts are built when rendered, so that no link is ever stored."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind, Sentence, TextWish
from registry.access_log.presenters import notices
from registry.access_log.selectors import Channel
from registry.registrants.models import Registrant

NEWS = _("%(office)s: there is something new on your list of who looked: %(link)s")
"""The text message about looks; it reads the same if the looks are delayed."""


class AboutLooks(PublicKind):
    """A mail about who looked: pseudonyms, times, incident numbers. unsubscribe: address for the mail's header."""

    needs = "lines later more standing since until link settings_link unsubscribe"
    text = NEWS
    texted = TextWish.LOOKS
    about_incident = True
    channel: ClassVar[Channel]

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: registrant (id), since and until (ISO 8601). Entries that are delayed now are only counted."""
        since, until = (datetime.fromisoformat(str(context[name])) for name in ("since", "until"))
        registrant = Registrant.objects.get(pk=str(context["registrant"]))
        return notices.digest(registrant, self.channel, since=since, until=until)


class LooksDigestMessage(AboutLooks, kind=MessageKind.LOOKS_DIGEST):
    purpose = _("Tells the owner of cameras who searched and found them, as often as the owner chose.")
    subject = _("Searches that found your cameras, %(number)s")
    without_searches = _("New entries about your cameras, %(number)s")
    channel = Channel.SEARCHES

    def subject_of(self, variables: Mapping[str, object]) -> Sentence:
        return self.subject if variables["lines"] else self.without_searches


class FootageLookedAtMessage(AboutLooks, kind=MessageKind.FOOTAGE_LOOKED_AT):
    purpose = _("Tells the giver of footage that it was played or downloaded, as often as the giver chose.")
    subject = _("Your footage was looked at, %(number)s")
    channel = Channel.FOOTAGE


class MonthSummaryMessage(PublicKind, kind=MessageKind.MONTH_SUMMARY):
    purpose = _(
        "Tells an owner who asked for it, once a month, how often their cameras were found, asked for and seen."
    )
    subject = _("Who looked in %(month)s, %(number)s")
    text = _("%(office)s: who looked, %(month)s: searches %(searches)s, requests %(asked)s, looks %(looks)s: %(link)s")
    needs = "month searches asked looks lines link settings_link unsubscribe"
    texted = TextWish.LOOKS

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: registrant (id), month (its first day, ISO 8601). Entries that are delayed now are only counted."""
        registrant = Registrant.objects.get(pk=str(context["registrant"]))
        return notices.month_summary(registrant, date.fromisoformat(str(context["month"])))
