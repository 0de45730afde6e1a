"""Pages of owners: requests to them, and their own footage. Nothing says how an incident continued."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.pages import maps, times
from registry.canvasses import selectors
from registry.canvasses.links import answer_url
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.policies import can_take_answer
from registry.canvasses.states import RequestState
from registry.footage.models import Evidence, Preview, Upload
from registry.footage.selectors import Filed, camera_choices, given_files, upload_key, uploads_of
from registry.footage.services.uploads import ABANDONED_AFTER
from registry.footage.states import ON_THE_WAY, EvidenceState, UploadState
from registry.incidents import hooks
from registry.limits.models import Limits
from registry.places.models import Camera
from registry.registrants.models import Registrant
from registry.rules import DELETION_ANNOUNCED

STATES: dict[str, str | Promise] = {
    RequestState.SENT: gettext_lazy("The time to answer is over. Nothing is needed from you any more."),
    RequestState.FOOTAGE: gettext_lazy("You gave footage."),
    RequestState.NONE: gettext_lazy("You answered that you have no footage."),
    RequestState.DECLINED: gettext_lazy("You preferred not to give footage. No deputy was told."),
    RequestState.WITHDRAWN: gettext_lazy("This request was taken back. Nothing is needed from you any more."),
    RequestState.EXPIRED: gettext_lazy("The time to answer ended without an answer, and that is fine."),
}


def answered_without_owner(request: FootageRequest, others: hooks.Others) -> str:
    """Return the sentence of what answered an open request in place of its owner; "" if the owner is asked."""
    return others.given if _is_open(request) else ""


def no_answer_needed(request: FootageRequest, others: hooks.Others) -> str:
    """Return the sentence of why a request asks its owner for no answer, for mails that say so; "" if it asks."""
    return answered_without_owner(request, others) or ("" if _is_open(request) else str(STATES[request.state]))


def _is_open(request: FootageRequest) -> bool:
    return request.state == RequestState.SENT and not request.is_over(timezone.now())


@dataclass(frozen=True, slots=True)
class OwnRequest:
    request: FootageRequest
    waits: bool
    files: int
    others: hooks.Others

    @property
    def state(self) -> str:
        return " ".join(filter(None, [self._answer, self.others.note]))

    @property
    def _answer(self) -> str:
        if self.asks:
            return _("Waits for your answer until %(day)s.") % {"day": times.localized_day(self.request.expires_at)}
        return answered_without_owner(self.request, self.others) or str(STATES[self.request.state])

    @property
    def asks(self) -> bool:
        """True if the request waits for its answer; after one, something else can wait, such as a clip."""
        return self.waits and self.request.state == RequestState.SENT

    @property
    def answer_url(self) -> str:
        return answer_url(self.request)


def waiting_requests(registrant: Registrant) -> list[OwnRequest]:
    requests = list(selectors.requests_to_answer(registrant))
    others = hooks.others_among([request.pk for request in requests])
    return [OwnRequest(request, waits=True, files=0, others=others[request.pk]) for request in requests]


@dataclass(frozen=True, slots=True)
class OwnFile:
    given: Filed

    @property
    def file(self) -> Evidence:
        return self.given.file

    @property
    def name(self) -> str:
        """Name of the file when it was sent; after its deletion the number, since the name is deleted with the file."""
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
        file, day = self.file, {"day": times.localized_day(self.file.kept_until)}
        if file.deleted_at:
            return _(
                "Deleted on %(day)s: the time to keep it was over. Its number, size and fingerprint stay as proof that "
                "it was here."
            ) % {"day": times.localized_day(file.deleted_at)}
        if file.state == EvidenceState.DELETING:
            return _("Being deleted now: the time to keep it is over.")
        if self.given.is_held:
            return _("Kept longer because of a legal hold: until %(day)s at least, and until the hold ends.") % day
        if file.deletes_at:
            return _("It will be deleted on %(day)s.") % {"day": times.localized_day(file.deletes_at)}
        days = {**day, "number": DELETION_ANNOUNCED.days}
        return _("Kept until %(day)s. We tell you %(number)d days before it is deleted.") % days

    @property
    def camera(self) -> str:
        return self.file.upload.camera.name if self.file.upload.camera else ""


PREVIEW_TOKEN = "example"  # noqa: S105  (a link that leads nowhere, for the deputy who reads the message first)
PREVIEW_NUMBER = "R-00000000"


def sample_request(canvass: Canvass, sender: User, limits: Limits) -> Mapping[str, object]:
    return {
        **request_facts(canvass, sender),
        "number": PREVIEW_NUMBER,
        "cameras": [_("the cameras of each owner, by name")],
        "link": absolute(reverse("reply", args=[PREVIEW_TOKEN])),
        "expires_at": timezone.localtime(timezone.now() + limits.link_life),
        "receipt": absolute(reverse("log_receipts", args=[PREVIEW_TOKEN])),
        "given": "",
        "offered": [],
        "note": "",
    }


def request_facts(canvass: Canvass, deputy: User) -> dict[str, object]:
    incident = canvass.incident
    return {
        "incident_number": incident.number,
        "incident_type": incident.type.label,
        "purpose": canvass.purpose.label,
        "place": incident.place_in_words,
        "starts_at": timezone.localtime(canvass.starts_at),
        "ends_at": timezone.localtime(canvass.ends_at),
        **selectors.caller(deputy),
    }


@dataclass(frozen=True, slots=True)
class ReplyAnswer:
    heading: str | Promise
    next_steps: str | Promise


PREVIEW_TAKES = timedelta(minutes=1)
"""An owner waits at most this long for a preview."""

CHECK_TAKES = timedelta(minutes=10)
"""Time to check a large file. After this the page no longer reloads automatically."""

BEING_CHECKED = ReplyAnswer(
    gettext_lazy("Your files are here"),
    gettext_lazy(
        "We check each file now. That takes a moment; then the deputy who asked is told that footage has arrived."
    ),
)

REPLY_ANSWERS: dict[str, ReplyAnswer] = {
    RequestState.FOOTAGE: ReplyAnswer(
        gettext_lazy("Thank you for your footage"),
        gettext_lazy(
            "The deputy who asked is told that footage has arrived, and may call you about it if you allowed calls."
        ),
    ),
    RequestState.NONE: ReplyAnswer(
        gettext_lazy("Thank you for looking"),
        gettext_lazy("The deputy who asked is told that you have no footage. You don't have to do anything else."),
    ),
    RequestState.DECLINED: ReplyAnswer(
        gettext_lazy("Your answer is noted"),
        gettext_lazy(
            "You would rather not give footage, and that is fine. No deputy is told: for them it looks the same as "
            "a message that was never opened. You don't have to do anything else."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class ChosenFile:
    """A file that its owner looks at before giving it. upload: with its preview. still: address of a picture, or ""."""

    upload: Upload
    still: str

    @property
    def can_be_given(self) -> bool:
        arrived = self.upload.finished_at
        return self._preview is not None or arrived is None or arrived < timezone.now() - PREVIEW_TAKES

    @property
    def length(self) -> str:
        seconds = self._preview.seconds if self._preview else None
        return times.length(seconds) if seconds else ""

    @property
    def start(self) -> str:
        if self.upload.starts_at:
            return _("Starts %(moment)s, as you said.") % {"moment": times.localized_moment(self.upload.starts_at)}
        if self._preview and self._preview.recorded_at:
            moment = times.localized_moment(self._preview.recorded_at)
            return _("Starts %(moment)s, by the camera's clock.") % {"moment": moment}
        return _("The file does not say when it starts.")

    @property
    def _preview(self) -> Preview | None:
        return getattr(self.upload, "preview", None)


class ReplyPage:
    """One request, as its owner reads it. token: of the link, for the page's own links."""

    def __init__(self, asked: FootageRequest, token: str) -> None:
        self.asked = asked
        self.token = token
        self.incident = asked.incident
        self.canvass: Canvass = asked.canvass
        rows = asked.cameras.select_related("camera__premises").order_by("camera__name")
        self.cameras: Sequence[Camera] = selectors.cameras_as_asked(self.canvass, [row.camera for row in rows])

    @cached_property
    def answered(self) -> ReplyAnswer | None:
        """The answer, or None while the request waits. Files being checked count as one, as do clips of a rule."""
        if self.is_checking and self.asked.state != RequestState.FOOTAGE:
            return BEING_CHECKED
        if sentence := answered_without_owner(self.asked, self.others):
            return ReplyAnswer(_("Nothing is needed from you"), sentence)
        return REPLY_ANSWERS.get(self.asked.state)

    @property
    def is_checking(self) -> bool:
        """True while a given file waits for its check, which takes seconds."""
        return any(row.state == UploadState.CHECKING for row in self._uploads)

    @property
    def refreshes(self) -> bool:
        """True if the page should reload soon. A long check does not reload it again and again."""
        since = timezone.now() - CHECK_TAKES
        return any(row.state == UploadState.CHECKING and row.given_at > since for row in self._uploads)

    @property
    def takes_more(self) -> bool:
        return self.asked.state in {RequestState.SENT, RequestState.FOOTAGE}

    @property
    def other_answers(self) -> list[tuple[str, Any]]:
        if self.asked.state not in {RequestState.DECLINED, RequestState.NONE} or self.is_checking:
            return []
        ways = [
            ("reply_footage", RequestState.FOOTAGE, gettext_lazy("Give footage")),
            ("reply_none", RequestState.NONE, gettext_lazy("I have no footage")),
        ]
        open_ones = [(name, words) for name, answer, words in ways if can_take_answer(self.asked, answer)]
        return [(reverse(name, args=[self.token]), words) for name, words in open_ones]

    @property
    def center(self) -> str:
        return maps.pair(self.canvass.center)

    @property
    def radius(self) -> int:
        return round(self.canvass.radius_m)

    @property
    def corners(self) -> list[list[float]]:
        return maps.ring(self.canvass.area)

    @property
    def places(self) -> list[dict[str, Any]]:
        """Markers of the owner's own cameras and nobody else's, without those of a removed place."""
        there = [camera for camera in self.cameras if camera.premises.removed_at is None]
        return [maps.place(camera.premises.point, camera.name, kind="camera") for camera in there]

    @property
    def how_many(self) -> str:
        return _("Up to %(count)d files.") % {"count": Limits.current().files_per_reply}

    @cached_property
    def others(self) -> hooks.Others:
        """Other ways to answer, such as a clip, and footage given that way."""
        return hooks.others_of(self.asked.pk)

    @property
    def given_since(self) -> str:
        return self.others.given if self.asked.state in {RequestState.DECLINED, RequestState.NONE} else ""

    @cached_property
    def evidence(self) -> list[OwnFile]:
        return [OwnFile(given) for given in given_files(self.asked)]

    @cached_property
    def on_the_way(self) -> list[tuple[Upload, str]]:
        """Files arriving or being checked, each with the key in the address of its upload."""
        arriving = (UploadState.RECEIVING, UploadState.CHECKING)
        return [(upload, upload_key(upload.pk)) for upload in self._uploads if upload.state in arriving]

    @cached_property
    def chosen(self) -> list[ChosenFile]:
        ready = [row for row in self._uploads if row.state == UploadState.READY and not row.is_turned_down]
        return [
            ChosenFile(row, reverse("reply_still", args=[self.token, row.pk]) if row.has_still else "") for row in ready
        ]

    @property
    def not_given(self) -> str:
        days = ABANDONED_AFTER.days
        sentence = ngettext(
            "Files you don't give are deleted after %(days)d day, or by %(until)s if that is sooner.",
            "Files you don't give are deleted after %(days)d days, or by %(until)s if that is sooner.",
            days,
        )
        return sentence % {"days": days, "until": times.day(self.asked.expires_at)}

    @property
    def can_give(self) -> bool:
        return all(file.can_be_given for file in self.chosen)

    @cached_property
    def describable(self) -> list[Upload]:
        """Files whose owner may still say the camera and the time: on the way, or kept. Those of a clip are known."""
        known = hooks.wishes_among([upload.pk for upload in self._uploads])
        there = [upload for upload in self._uploads if upload.state in ON_THE_WAY or _is_kept(upload)]
        return [upload for upload in there if upload.pk not in known]

    @property
    def camera_choices(self) -> list[tuple[str, Any]]:
        return camera_choices(self.cameras) if len(self.cameras) > 1 else []

    @cached_property
    def refused(self) -> list[Upload]:
        return [upload for upload in self._uploads if upload.state == UploadState.REFUSED]

    @cached_property
    def _uploads(self) -> list[Any]:
        return list(uploads_of(self.asked))


def _is_kept(upload: Upload) -> bool:
    evidence = getattr(upload, "evidence", None)
    return evidence is not None and evidence.state == EvidenceState.KEPT
