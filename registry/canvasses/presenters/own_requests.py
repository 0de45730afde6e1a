"""Pages of owners: requests to them, and their own footage. Nothing says how an incident continued."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.states import RequestState
from registry.footage.models.files import Evidence
from registry.footage.selectors import Filed
from registry.footage.states import EvidenceState
from registry.people.presenters.profile import answer_url
from registry.rules import DELETION_ANNOUNCED

STATES: dict[str, str | Promise] = {
    RequestState.SENT: gettext_lazy("The time to answer is over. Nothing is needed from you any more."),
    RequestState.FOOTAGE: gettext_lazy("You gave footage."),
    RequestState.NONE: gettext_lazy("You answered that you have no footage."),
    RequestState.DECLINED: gettext_lazy("You preferred not to give footage. No deputy was told."),
    RequestState.WITHDRAWN: gettext_lazy("The office took this request back. Nothing is needed from you any more."),
    RequestState.EXPIRED: gettext_lazy("The time to answer ended without an answer, and that is fine."),
}


@dataclass(frozen=True, slots=True)
class OwnRequest:
    request: FootageRequest
    waits: bool
    files: int

    @property
    def state(self) -> str:
        if self.waits:
            return _("Waits for your answer until %(day)s.") % {"day": day_of(self.request.expires_at)}
        return str(STATES[self.request.state])

    @property
    def answer_url(self) -> str:
        return answer_url(self.request)


@dataclass(frozen=True, slots=True)
class OwnFile:
    given: Filed

    @property
    def file(self) -> Evidence:
        return self.given.file

    @property
    def name(self) -> str:
        """Its name when it was sent; its number once it is deleted, since the name is deleted with the file."""
        return self.file.name or self.file.number

    @property
    def tag(self) -> tuple[str, str]:
        if self.file.state == EvidenceState.DELETED:
            return _("Deleted"), "quiet"
        if self.file.state == EvidenceState.DELETING:
            return _("Being deleted"), "quiet"
        return (_("On hold"), "warn") if self.given.is_held else (_("Kept"), "good")

    @property
    def became(self) -> str:
        file, day = self.file, {"day": day_of(self.file.kept_until)}
        if file.deleted_at:
            return _(
                "Deleted on %(day)s: the time to keep it was over. Its number, size and fingerprint stay as proof that "
                "it was here."
            ) % {"day": day_of(file.deleted_at)}
        if file.state == EvidenceState.DELETING:
            return _("Being deleted now: the time to keep it is over.")
        if self.given.is_held:
            return _("Kept longer because of a legal hold: until %(day)s at least, and until the hold ends.") % day
        if file.deletes_at:
            return _("It will be deleted on %(day)s.") % {"day": day_of(file.deletes_at)}
        days = {**day, "number": DELETION_ANNOUNCED.days}
        return _("Kept until %(day)s. We tell you %(number)d days before it is deleted.") % days

    @property
    def camera(self) -> str:
        return self.file.upload.camera.name if self.file.upload.camera else ""


def day_of(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")
