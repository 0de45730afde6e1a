"""Forms about a business's own COREs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integration.forms.refused import RefusedForm
from integration.models import Core
from integration.selectors import cores as known
from registry.models import Camera, Premises


class ConnectForm(RefusedForm):
    """A camera, and the channel of the CORE that reads it."""

    camera = forms.ModelChoiceField(label=_("Camera"), queryset=Camera.objects.none(), empty_label=_("Choose"))
    channel = forms.ChoiceField(label=_("Channel of the CORE"))

    def __init__(self, *args: Any, core: Core, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        camera: Any = self.fields["camera"]
        camera.queryset = known.to_connect(core)
        channel: Any = self.fields["channel"]
        channel.choices = [("", _("Choose")), *((name, name) for name in known.free_channels(core))]


class StandsForm(RefusedForm):
    """At which place of its business a CORE stands now."""

    premises = forms.ModelChoiceField(
        label=_("Where it stands now"), queryset=Premises.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, core: Core, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["premises"]
        field.queryset = known.places_to_stand(core)
        field.label_from_instance = lambda place: " · ".join(filter(None, (place.name, str(place.address))))
