from collections.abc import Mapping

from django.utils.translation import gettext as _

from audit.log.models import AuditEntry


def viewed(entry: AuditEntry) -> str:
    return f"{entry.sentence}. {through_glass(entry.facts)}" if is_glass(entry.facts) else entry.sentence


def is_glass(facts: Mapping[str, object]) -> bool:
    return "confirmed_by" in facts


def through_glass(facts: Mapping[str, object]) -> str:
    """Return who opened the incident, asked and confirmed, by badge names, and if somebody had checked it.

    facts: `opened_by` ("" for dispatch), `asked_by`, `confirmed_by`, and `unchecked` if nobody had. Returns "" without
    broken glass.
    """
    if not is_glass(facts):
        return ""
    opened, asked, confirmed = (str(facts.get(name, "")) for name in ("opened_by", "asked_by", "confirmed_by"))
    if opened == asked:
        who = _("%(asked)s opened the incident and asked for broken glass, and %(confirmed)s confirmed it.")
    elif opened == confirmed:
        who = _("%(confirmed)s opened the incident and confirmed the broken glass that %(asked)s asked for.")
    elif opened:
        who = _("%(opened)s opened the incident, %(asked)s asked for broken glass, and %(confirmed)s confirmed it.")
    else:
        who = _(
            "Our dispatch center sent the incident, %(asked)s asked for broken glass, and %(confirmed)s confirmed it."
        )
    unchecked = _("No supervisor was reached, and nobody had checked the incident.")
    checked = _("No supervisor was reached. Somebody had checked the incident.")
    named = who % {"opened": opened, "asked": asked, "confirmed": confirmed}
    return f"{named} {unchecked if facts.get('unchecked') else checked}"
