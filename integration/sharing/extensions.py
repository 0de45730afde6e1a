"""What sharing adds to the apps below: a card, a person's own data, and what stays of agreements after leaving."""

from django.utils.translation import gettext_lazy, ngettext

from fusus_portal.accounts.roles import Role
from fusus_portal.notifications import kinds
from fusus_portal.notifications.kinds import MessageKind
from integration.sharing import messages
from integration.sharing.models import SharingRule
from integration.sharing.selectors import SIGNED, agreements_of, kept_agreements, pauses_of
from integration.sharing.services.agreements import end_for_leaver
from registry import outliving, own_tables, profile_cards
from registry.archive import Cell
from registry.models import Registrant
from registry.outliving import Part
from registry.profile_cards import ProfileCard


def register() -> None:
    """Add them."""
    profile_cards.register(
        ProfileCard(
            url_name="own_sharing",
            title=gettext_lazy("Sharing"),
            text=gettext_lazy("When deputies may see your connected cameras, and one button that pauses everything."),
            label=gettext_lazy("See what is shared"),
            roles=frozenset({Role.BUSINESS}),
            place=20,
        )
    )
    kinds.register(MessageKind.SHARING_ENDING, messages.sharing_ending)
    kinds.register(MessageKind.SHARING_ENDED, messages.sharing_ended)
    own_tables.register("sharing_agreements", agreements_table)
    own_tables.register("sharing_rules", rules_table)
    own_tables.register("sharing_pauses", pauses_table)
    outliving.register(Part(SIGNED, end_for_leaver, kept_agreements, signed))


def signed(number: int) -> str:
    """Return the line about signed agreements that stay."""
    line = ngettext(
        "One sharing agreement that your business signed, with the name and position of whoever signed: so that it "
        "can be shown what was agreed to. It ends with your registration, and nothing is shared any more. Kept until "
        "%%(day)s.",
        "%(number)d sharing agreements that your business signed, with the name and position of whoever signed: so "
        "that it can be shown what was agreed to. They end with your registration, and nothing is shared any more. "
        "Kept until %%(day)s.",
        number,
    )
    return line % {"number": number}


def agreements_table(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return what the business has signed, newest first."""
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
    """Return each version of each rule, oldest first. The latest of a camera is the one that counts."""
    versions = SharingRule.history.filter(camera__camera__premises__registrant=registrant)
    return [
        {
            "camera": str(each.camera.camera_id),
            "mode": each.mode,
            "week": str(each.week),
            "closed_days": " ".join(each.closed_days),
            "open_days": " ".join(each.open_days),
            "answers_clips": int(each.answers_clips),
            "shared_until": each.shared_until.isoformat() if each.shared_until else "",
            "since": each.history_date.isoformat(),
        }
        for each in versions.select_related("camera").order_by("history_date", "history_id")
    ]


def pauses_table(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each pause, newest first."""
    return [
        {"began_at": each.began_at.isoformat(), "ended_at": each.ended_at.isoformat() if each.ended_at else ""}
        for each in pauses_of(registrant)
    ]
