from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.lookup.finders import LONGEST
from integration.cores import policies, selectors
from integration.cores.models import Core, CoreModel
from integration.cores.presenters import OFFLINE
from integration.cores.states import CoreState, Whereabouts
from integration.rules import MOST_CAMERAS
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant


class CoreModelForm(CheckedForm):
    """Name and number of cameras of a kind of CORE. own: the kind to change, None for a new one."""

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


class ReceiveForm(CheckedForm):
    model = forms.ModelChoiceField(label=_("Kind of CORE"), queryset=CoreModel.objects.none(), empty_label=_("Choose"))
    serials = forms.CharField(
        label=_("Serial numbers"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8, "autofocus": True, "spellcheck": "false"}),
        help_text=_("One each line; a scanner may type them. A CORE that was given to you counts like one you bought."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model: Any = self.fields["model"]
        model.queryset = selectors.current_models()

    def rules(self) -> Iterable[Rule]:
        return ((("serials",), policies.check_serials),)


class FilterForm(forms.Form):
    q = forms.CharField(label=_("Serial number or business"), required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *CoreState.choices, *Whereabouts.choices, (OFFLINE, _("Active, but offline"))],
    )


class ReferenceForm(CheckedForm):
    reference = forms.CharField(
        label=_("Registration number of the business"),
        max_length=16,
        help_text=_("It is on their profile page, such as G-7K2MQX4P."),
    )

    def written(self) -> dict[str, Any]:
        return {"registrant": selectors.business(self.cleaned_data["reference"])}


class PlaceForm(CheckedForm):
    reference = forms.CharField(widget=forms.HiddenInput)
    premises = forms.ModelChoiceField(
        label=_("Place"), queryset=Premises.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, registrant: Registrant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["reference"] = registrant.reference
        field: Any = self.fields["premises"]
        field.queryset = selectors.places_of(registrant)
        field.label_from_instance = lambda place: " · ".join(filter(None, (place.name, str(place.address))))

    def written(self) -> dict[str, Any]:
        return {"premises": self.cleaned_data["premises"]}


class WipeForm(CheckedForm):
    certificate = forms.CharField(
        label=_("Number of the certificate"),
        max_length=policies.LONGEST_CERTIFICATE,
        help_text=_("A CORE that comes back is overwritten three times, and the certificate is kept."),
    )


class ReplaceForm(CheckedForm):
    serial = forms.CharField(label=_("Serial number of the new CORE"), max_length=LONGEST)

    def written(self) -> dict[str, Any]:
        return {"new": selectors.scanned(self.cleaned_data["serial"])}


class ConnectForm(CheckedForm):
    camera = forms.ModelChoiceField(label=_("Camera"), queryset=Camera.objects.none(), empty_label=_("Choose"))
    channel = forms.ChoiceField(label=_("Channel of the CORE"))

    def __init__(self, *args: Any, core: Core, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        camera: Any = self.fields["camera"]
        camera.queryset = selectors.to_connect(core)
        channel: Any = self.fields["channel"]
        channel.choices = [("", _("Choose")), *((name, name) for name in selectors.free_channels(core))]


class NewPlaceForm(CheckedForm):
    premises = forms.ModelChoiceField(
        label=_("Where it is now"), queryset=Premises.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, core: Core, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["premises"]
        field.queryset = selectors.other_places(core)
        field.label_from_instance = lambda place: " · ".join(filter(None, (place.name, str(place.address))))
