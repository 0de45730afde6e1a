from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext, ngettext_lazy

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.agency.hooks import Group, Section
from fusus_portal.ground.pages import times
from fusus_portal.ground.worklist import sources
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem, link_act
from fusus_portal.oversight.review import selectors
from fusus_portal.oversight.review.models import ReviewCard, ReviewQuestion
from fusus_portal.oversight.review.presenters.readers import Reader, card_title, week_name


def questions_to_answer(user: User) -> list[WorkItem]:
    """Return the open questions to this person, who got a mail about each."""
    return [_to_answer(each) for each in selectors.open_questions_to(user)]


def _to_answer(question: ReviewQuestion) -> WorkItem:
    page, who = reverse("review_question", args=[question.pk]), question.asked_by.pseudonym
    where, act = _("Week of %(week)s") % {"week": week_name(question.card.week)}, link_act(_("Answer"), page, who)
    text = _("An auditor asks you something")
    return WorkItem(_("Question"), "warn", text, page, where=where, who=who, is_call=True, act=act)


def week_to_sign(_user: User) -> list[WorkItem]:
    week = selectors.current_week()
    if week is None:
        return [WorkItem(_("Review"), "quiet", _("Open the weekly review"), reverse("review"), number=0)]
    words = {"week": week_name(week), "done": week.done, "total": week.total}  # type: ignore[attr-defined]
    text = _("Weekly review of %(week)s · %(done)d of %(total)d done") % words
    tag, kind = (_("Overdue"), "bad") if week.is_late else (_("Review"), "warn")
    url, at_due = reverse("review"), _("due in %(time)s")
    act = link_act(_("Review"), url, words["week"])
    return [WorkItem(tag, kind, text, url, due=week.due_at, at_due=at_due, about=week.subject, act=act)]


def findings_overdue(_user: User) -> list[WorkItem]:
    overdue = list(selectors.overdue_findings(timezone.localdate()))
    if not overdue:
        return []
    first, number = min(overdue, key=lambda finding: finding.made_at), len(overdue)
    text = ngettext("One finding is past its day", "%(number)d findings are past their day", number)
    text, url, about = text % {"number": number}, reverse("review_findings"), _title(first.card)
    due, where = times.end_of(first.due_on), times.oldest(about, first.made_at, number)
    act = link_act(_("Close it"), reverse("review_finding", args=[first.pk]), about)
    return [WorkItem(_("Overdue"), "warn", text, url, due=due, number=number, where=where, act=act)]


def explanations_to_give(user: User) -> list[WorkItem]:
    """Return an item for the cards to explain, without those that this auditor may not, as `must_be_independent`."""
    wanted = list(selectors.explanations_waiting())
    took_part = selectors.cards_took_part_in(user, [each.card for each in wanted]) if wanted else set()
    waiting = [
        each
        for each in wanted
        if each.card_id not in took_part and not selectors.had_another_role(user, since=each.card.week.begins_at)
    ]
    if not waiting:
        return []
    first, number = waiting[0], len(waiting)
    text = ngettext(
        "A reviewer from outside wants a card explained",
        "Reviewers from outside want %(number)d cards explained",
        number,
    )
    text, about = text % {"number": number}, _title(first.card)
    where = times.oldest(about, first.wanted_at, number)
    act = link_act(_("Explain"), reverse("review_card", args=[first.card_id]), about)
    return [WorkItem(_("Explain"), "warn", text, reverse("review"), number=number, where=where, act=act)]


def _title(card: ReviewCard) -> str:
    return card_title(card, Reader(card.week, is_inside=True))


def addresses_to_approve(user: User) -> list[WorkItem]:
    """Return an item for each proposed address that this administrator may approve. It does not show the address."""
    text, url = _("Who hears of overdue reviews"), reverse("review_addresses")
    waiting = selectors.proposed_addresses().exclude(proposed_by=user)
    act = link_act(_("Decide"), url, text)
    return [WorkItem(_("To approve"), "warn", text, url, about=each.subject, act=act) for each in waiting]


WORKLIST_SOURCES = (
    Source(name="review_questions", permission=Permission.ANSWER_QUESTIONS, find=questions_to_answer),
    Source(
        name="review_week",
        permission=Permission.REVIEW,
        find=week_to_sign,
        telling=Telling(
            words=ngettext_lazy(
                "The weekly review waits for you.", "%(number)d weekly reviews wait for you.", "number"
            ),
            waits=lambda: selectors.current_week() is not None,
            before=timedelta(days=1),
        ),
    ),
    Source(name="review_findings", permission=Permission.AUDIT, find=findings_overdue),
    Source(name="review_explanations", permission=Permission.AUDIT, find=explanations_to_give),
    Source(
        name="review_addresses",
        permission=Permission.ADMINISTER,
        find=addresses_to_approve,
        telling=Telling(
            words=ngettext_lazy(
                "The address for overdue reviews waits for a second administrator.",
                "%(number)d addresses for overdue reviews wait for a second administrator.",
                "number",
            ),
            waits=lambda: selectors.proposed_addresses().exists(),
        ),
    ),
)


def register() -> None:
    sources.register(*WORKLIST_SOURCES)
    agency.register_sections(
        Section(
            url_name="review_addresses",
            title=gettext_lazy("Overdue reviews"),
            text=gettext_lazy("Who hears when nobody signed the weekly review in time. Each change takes two of you."),
            group=Group.REPORTS,
            place=45,
            words=gettext_lazy("weekly review, alarm, auditors, reviewer"),
            note=_note,
        )
    )


def _note() -> str:
    return "" if selectors.address_in_use() else _("No address is set: administrators hear of it.")
