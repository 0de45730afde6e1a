from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from integration.cores import policies
from integration.cores.models import CoreModel
from integration.rules import MOST_CAMERAS


class CoreModelForm(CheckedForm):
    """A kind of CORE. own: the kind that is changed."""

    name = forms.CharField(label=_("Name"), max_length=80)
    name_es = forms.CharField(
        label=_("Name in Spanish"), max_length=80, required=False, help_text=_("As owners read it in Spanish")
    )
    cameras_supported = forms.IntegerField(
        label=_("Cameras that one of it connects"), min_value=1, max_value=MOST_CAMERAS
    )

    def __init__(self, *args: Any, own: CoreModel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own

    def rules(self) -> Iterable[Rule]:
        return (
            (("name",), partial(policies.check_model_name, but=self.own)),
            (("name_es",), policies.check_spanish_name),
            (("cameras_supported",), partial(policies.check_camera_count, model=self.own)),
        )
