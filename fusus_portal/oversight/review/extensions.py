"""What the weekly review adds to the apps below: messages, work that waits, a card of the page Administration."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import sections
from fusus_portal.ground.agency.sections import Section
from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.oversight.review import messages
from fusus_portal.oversight.review.presenters.queue import is_late, week_name
from fusus_portal.oversight.review.selectors import weeks
from registry import hooks
from registry.hooks import Panels, WaitingWork


def register() -> None:
    """Add them."""
    kinds.register(MessageKind.REVIEW_QUESTION, messages.question)
    kinds.register(MessageKind.REVIEW_OVERDUE, messages.overdue)
    kinds.register(MessageKind.REVIEW_BLOCKED, messages.blocked)
    hooks.panels.register(Panels(name="review", work=waiting_for))
    sections.register(
        Section(
            url_name="review_addresses",
            title=gettext_lazy("Overdue reviews"),
            text=gettext_lazy("Who hears when nobody signed the weekly review in time. Each change takes two of you."),
            place=45,
            note=_note,
        )
    )


def waiting_for(user: User) -> list[WaitingWork]:
    """Return the week to review and the findings past their day, or the questions to whoever acts."""
    found = []
    if has(user.role, Permission.ANSWER_QUESTIONS) and (number := weeks.open_questions(user)):
        text = ngettext("An auditor asks you something", "Auditors ask you %(number)d things", number)
        found.append(WaitingWork(_("Question"), "warn", text % {"number": number}, reverse("review_questions")))
    if has(user.role, Permission.REVIEW):
        found += _review()
    if has(user.role, Permission.AUDIT) and (number := weeks.overdue_findings(timezone.localdate())):
        text = ngettext("One finding is past its day", "%(number)d findings are past their day", number)
        found.append(WaitingWork(_("Overdue"), "warn", text % {"number": number}, reverse("review_findings")))
    return found


def _review() -> list[WaitingWork]:
    week = weeks.current()
    if week is None:
        return [WaitingWork(_("Review"), "quiet", _("Open the weekly review"), reverse("review"))]
    words = {"week": week_name(week), "done": week.done, "total": week.total}  # type: ignore[attr-defined]
    text = _("Weekly review of %(week)s · %(done)d of %(total)d done") % words
    tag = _("Overdue") if is_late(week) else _("Review")
    return [WaitingWork(tag, "bad" if is_late(week) else "warn", text, reverse("review"))]


def _note() -> str:
    return "" if weeks.address_in_use() else _("No address is set: administrators hear of it.")
