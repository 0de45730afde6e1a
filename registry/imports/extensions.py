"""What imports add to the apps below: messages, cards of the page Administration, and an owner's first sign-in."""

from django.utils.translation import gettext_lazy, ngettext

from fusus_portal.agency import sections
from fusus_portal.agency.sections import Section
from fusus_portal.notifications import kinds
from fusus_portal.notifications.kinds import MessageKind
from registry.imports import messages, selectors, sign_in


def register() -> None:
    """Add them."""
    sign_in.connect()
    kinds.register(MessageKind.REGISTRATION_IMPORTED, messages.registration_imported)
    kinds.register(MessageKind.IMPORT_INVITATION, messages.import_invitation)
    sections.register(
        Section(
            url_name="import_list",
            title=gettext_lazy("Import a registry"),
            text=gettext_lazy("Bring the office's former registry from a file, see what became of it, or undo it."),
            place=60,
            note=_imports_that_stopped,
            label=gettext_lazy("See imports"),
        )
    )
    sections.register(
        Section(
            url_name="registry_exports",
            title=gettext_lazy("Take the registry along"),
            text=gettext_lazy("A copy of the whole registry, for an agency that leaves. It takes two administrators."),
            place=61,
            note=_copies_that_wait,
            label=gettext_lazy("See copies"),
        )
    )


def _imports_that_stopped() -> str:
    number = selectors.stopped_imports()
    if not number:
        return ""
    return ngettext(
        "%(number)d import was stopped by a fault.", "%(number)d imports were stopped by a fault.", number
    ) % {"number": number}


def _copies_that_wait() -> str:
    number = selectors.waiting_exports()
    if not number:
        return ""
    return ngettext("%(number)d copy waits for approval.", "%(number)d copies wait for approval.", number) % {
        "number": number
    }
