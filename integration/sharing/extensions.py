from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency import hooks as agency_hooks
from fusus_portal.ground.agency.hooks import Words
from fusus_portal.ground.agency.models import Document, DocumentKind
from fusus_portal.ground.tables import Cell
from integration.sharing.models import SharingRule
from integration.sharing.policies import GLASS, GLASS_TERMS, OLDER_WORDS
from integration.sharing.presenters import sharing_page
from integration.sharing.selectors import (
    SIGNED,
    agreements_of,
    kept_agreements,
    lasting_agreements,
    opening_hours_kept,
    pauses_of,
)
from integration.sharing.services import end_for_leaver
from registry.places import hooks
from registry.registrants.models import Registrant


def register() -> None:
    agency_hooks.words.register(Words(DocumentKind.SHARING, DocumentKind.SHARING.label, relied=signers, news=news_of))
    hooks.registrants.register(
        hooks.Dependent(
            name="sharing",
            tables={
                "sharing_agreements": agreements_table,
                "sharing_rules": rules_table,
                "sharing_opening_hours": opening_hours_table,
                "sharing_pauses": pauses_table,
            },
            leaving=hooks.LeavingPart(SIGNED, end_for_leaver, kept_agreements, signed),
            shared=shared,
        )
    )


def shared(registrant: Registrant) -> hooks.Shown | None:
    if registrant.user.role != Role.BUSINESS:
        return None
    return "integration/sharing/strip.html", sharing_page(registrant)


def signers() -> list[Registrant]:
    lasting = lasting_agreements().filter(registrant__isnull=False).select_related("registrant__user")
    return [each.registrant for each in lasting.order_by("signed_at", "pk") if each.registrant is not None]


def news_of(number: int) -> list[str]:
    """Return what a version of the agreement changes, and what stays for a business that does not sign it."""
    before, new = (
        Document.objects.filter(kind=DocumentKind.SHARING, number=each).first() for each in (number - 1, number)
    )
    stays = _("What you signed stays as it was until it ends, or until you sign the new version.")
    if before is None or new is None or before.names_glass or not new.names_glass:
        return [stays]
    return [str(GLASS), str(GLASS_TERMS), stays, str(OLDER_WORDS)]


def signed(number: int) -> str:
    line = ngettext(
        "One sharing agreement that your business signed, with the name and position of the person who signed: so that "
        "it can be shown what was agreed to. It ends with your registration, and nothing is shared any more. Kept "
        "until %%(day)s.",
        "%(number)d sharing agreements that your business signed, with the name and position of the person who "
        "signed: so that it can be shown what was agreed to. They end with your registration, and nothing is shared "
        "any more. Kept until %%(day)s.",
        number,
    )
    return line % {"number": number}


def agreements_table(registrant: Registrant) -> list[dict[str, Cell]]:
    return [
        {
            "id": str(each.pk),
            "business": each.party,
            "version": each.document.number,
            "signer": each.signer,
            "title": each.title,
            "language": each.language,
            "signed_at": each.signed_at.isoformat(),
            "ends_on": each.ends_on.isoformat(),
            "over_at": each.over_at.isoformat() if each.over_at else "",
        }
        for each in agreements_of(registrant)
    ]


def rules_table(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each version of each camera's rule, oldest first. The latest of a camera is the one that counts."""
    versions = SharingRule.history.filter(camera__camera__premises__registrant=registrant)
    return [
        {
            "camera": str(each.camera.camera_id),
            "mode": each.mode,
            "week": str(each.week),
            "closed_days": " ".join(each.closed_days),
            "open_days": " ".join(each.open_days),
            "answers_clips": int(each.answers_clips),
            "allows_glass": int(each.allows_glass),
            "shared_until": each.shared_until.isoformat() if each.shared_until else "",
            "since": each.history_date.isoformat(),
        }
        for each in versions.select_related("camera").order_by("history_date", "history_id")
    ]


def opening_hours_table(registrant: Registrant) -> list[dict[str, Cell]]:
    return [
        {"place": str(each.premises_id), "week": str(each.week), "since": each.changed_at.isoformat()}
        for each in opening_hours_kept(registrant)
    ]


def pauses_table(registrant: Registrant) -> list[dict[str, Cell]]:
    return [
        {"began_at": each.began_at.isoformat(), "ended_at": each.ended_at.isoformat() if each.ended_at else ""}
        for each in pauses_of(registrant)
    ]
