from datetime import timedelta
from typing import Any

from allauth.account.signals import user_logged_in
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext, ngettext_lazy

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.lookup.finders import Finder, among, finders
from fusus_portal.ground.pages import times
from fusus_portal.ground.worklist import sources
from registry.imports import selectors
from registry.imports.models import ImportBatch
from registry.imports.services import exports, people, rows
from registry.places import hooks
from registry.rules import EXPORT_WAITS

FINDER = Finder(
    name="imports",
    kind=gettext_lazy("Import"),
    permission=Permission.ADMINISTER,
    example=lambda: "I-4M8ZDW3C",
    find=among("I", lambda _by: ImportBatch.objects.all(), lambda batch: reverse("import_batch", args=[batch.pk])),
)


def register() -> None:
    sources.register(*SOURCES)
    finders.register(FINDER)
    hooks.registrants.register(
        hooks.Dependent(name="imports", registered=registered, left=left, account_closed=account_closed)
    )
    user_logged_in.connect(signed_in)
    agency.register_sections(
        agency.Section(
            url_name="import_list",
            title=gettext_lazy("Import a registry"),
            text=gettext_lazy("Bring the office's former registry from a file, see what became of it, or undo it."),
            group=agency.Group.REGISTRY,
            place=60,
            words=gettext_lazy("upload, CSV, spreadsheet, invitations"),
            note=lambda: _stopped_sentence(selectors.stopped_imports().count()),
        ),
        agency.Section(
            url_name="registry_exports",
            title=gettext_lazy("Export the registry"),
            text=gettext_lazy("A copy of the whole registry, for an agency that leaves. It takes two administrators."),
            group=agency.Group.REGISTRY,
            place=61,
            words=gettext_lazy("download, backup, leave"),
            note=_copies_that_wait,
        ),
    )


def registered(user: User) -> None:
    people.welcome(email=user.email)


def left(user: User) -> None:
    """Keep a person who left out of imports, end their invitation, and have waiting copies made again without them."""
    people.leave_out(email=user.email)
    rows.withdraw_invitations(emails=[user.email])
    exports.make_again(actor=user.actor)


def signed_in(*, user: User, **_: Any) -> None:
    people.claim(by=user)


def account_closed(user: User) -> None:
    rows.withdraw_invitations(emails=[user.email])


def _stopped_sentence(number: int) -> str:
    text = ngettext("%(number)d import was stopped by a fault.", "%(number)d imports were stopped by a fault.", number)
    return text % {"number": number} if number else ""


def _copies_that_wait() -> str:
    number = selectors.proposed_exports().count()
    text = ngettext("%(number)d copy waits for approval.", "%(number)d copies wait for approval.", number)
    return text % {"number": number} if number else ""


def exports_to_approve(user: User) -> list[sources.WorkItem]:
    text, url = _("A copy of the whole registry"), reverse("registry_exports")
    return [
        sources.WorkItem(
            _("To approve"),
            "warn",
            text,
            url,
            due=each.proposed_at + EXPORT_WAITS,
            at_due=_("ends in %(time)s"),
            about=each.subject,
            act=sources.link_act(_("Decide"), url, text),
        )
        for each in selectors.proposed_exports().exclude(proposed_by=user)
    ]


def stopped_imports(_user: User) -> list[sources.WorkItem]:
    stopped = selectors.stopped_imports()
    first = stopped.first()
    if first is None:
        return []
    number = stopped.count()
    return [
        sources.WorkItem(
            _("Import"),
            "warn",
            _stopped_sentence(number),
            reverse("import_list"),
            number=number,
            where=times.oldest(first.number, first.worked_at, number),
            act=sources.link_act(_("See why"), reverse("import_batch", args=[first.pk]), first.number),
        )
    ]


SOURCES = (
    sources.Source(
        name="registry_copies",
        permission=Permission.ADMINISTER,
        find=exports_to_approve,
        telling=sources.Telling(
            words=ngettext_lazy(
                "A copy of the whole registry waits for a second administrator.",
                "%(number)d copies of the whole registry wait for a second administrator.",
                "number",
            ),
            waits=lambda: selectors.proposed_exports().exists(),
            before=timedelta(hours=3),
        ),
    ),
    sources.Source(name="imports_stopped", permission=Permission.ADMINISTER, find=stopped_imports),
)
