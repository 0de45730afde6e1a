from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm
from integration.cores import selectors
from integration.cores.models import Core
from registry.places.models import Camera, Premises


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
