from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.annual import locks, policies
from fusus_portal.oversight.annual.models import AnnualText
from fusus_portal.oversight.annual.parts import Part
from fusus_portal.oversight.annual.selectors import numbers


def write(*, year: int, part: Part, by: User, text: str, revision: int) -> AnnualText:
    """Save the text of a part as a draft. revision: the one that the person has read, 0 before the first.

    Raises Refused, NotYours if the year can have no report, ValidationError on "text", also if somebody else has
    written there meanwhile.
    """
    policies.may_write(by)
    numbers.public_figures(year)
    plain = policies.check_text(part, text)
    with transaction.atomic():
        row = locks.text(year, part.key, by)
        if plain == row.text:
            return row
        if row.revision != revision:
            sentence = _("%(person)s changed this part since you opened it. Their text is below; yours is not saved.")
            raise ValidationError({"text": sentence % {"person": row.written_by.pseudonym}})
        row.text, row.revision, row.written_by, row.written_at = plain, revision + 1, by, timezone.now()
        row.save(update_fields=["text", "revision", "written_by", "written_at"])
        facts: dict[str, int | str] = {"year": year, "part": part.key, "revision": row.revision}
        record(event=Event.ANNUAL_TEXT_WRITTEN, actor=by.actor, subject=row.subject, facts=facts)
    return row
