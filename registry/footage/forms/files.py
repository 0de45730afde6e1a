from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.pages.fields import LocalMoment
from registry.footage.models.files import Upload
from registry.footage.policies.footage import check_start
from registry.places.models import Camera

NOT_SAID = _("I don't know, or another camera")


def camera_choices(cameras: Sequence[Camera]) -> list[tuple[str, Any]]:
    return [("", NOT_SAID), *((str(camera.pk), camera.name) for camera in cameras)]


class FileForm(CheckedForm):
    """Camera and start of one file, as far as known. Both may stay empty."""

    camera = forms.ChoiceField(label=_("Camera"), required=False)
    starts_at = LocalMoment(label=_("When does the recording start?"), required=False)

    def __init__(self, data: Any, *, upload: Upload, cameras: Sequence[Camera]) -> None:
        starts_at = upload.starts_at or getattr(getattr(upload, "preview", None), "recorded_at", None)
        known = {
            "camera": str(upload.camera_id or ""),
            "starts_at": localtime(starts_at) if starts_at else None,
        }
        super().__init__(data, prefix=str(upload.pk), initial=known)
        self.upload = upload
        self.fields["camera"].choices = camera_choices(cameras)  # type: ignore[attr-defined]

    def rules(self) -> Iterable[Rule]:
        return ((("starts_at",), check_start),)
