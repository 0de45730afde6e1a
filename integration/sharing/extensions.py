"""What a business's own data holds of sharing: agreements, rules with what they were before, pauses, clips."""

from integration.models import SharingRule
from integration.selectors.agreements import all_of
from integration.selectors.clips import own
from integration.selectors.sharing import pauses_of
from registry import own_tables
from registry.archive import Cell
from registry.models import Registrant


def register() -> None:
    """Add the tables."""
    own_tables.register("sharing_agreements", agreements)
    own_tables.register("sharing_rules", rules)
    own_tables.register("sharing_pauses", pauses)
    own_tables.register("clips", clips)


def agreements(registrant: Registrant) -> list[dict[str, Cell]]:
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
        for each in all_of(registrant)
    ]


def rules(registrant: Registrant) -> list[dict[str, Cell]]:
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


def pauses(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each pause, newest first."""
    return [
        {"began_at": each.began_at.isoformat(), "ended_at": each.ended_at.isoformat() if each.ended_at else ""}
        for each in pauses_of(registrant)
    ]


def clips(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each clip that the business was asked for, newest first."""
    return [
        {
            "request": each.request.number,
            "incident": each.incident.number,
            "camera": str(each.camera.camera_id) if each.camera else "",
            "from": each.starts_at.isoformat(),
            "to": each.ends_at.isoformat(),
            "state": each.state,
            "by_rule": int(each.by_rule),
            "sha256": each.sha256,
        }
        for each in own(registrant.user)
    ]
