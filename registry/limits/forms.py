from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.agency.forms.fields import Lines
from fusus_portal.ground.agency.forms.limits import BoundedForm
from registry.limits.models import BOUNDS, Limits


class LimitsForm(BoundedForm):
    bounds = BOUNDS

    empty_phrases = Lines(
        label=_("Phrases that are not a reason"),
        required=False,
        help_text=_(
            "One a line. A reason made of these alone is refused. The portal's own list always counts as well."
        ),
    )

    class Meta:
        model = Limits
        fields = (*BOUNDS, "leaves_out_unconfirmed", "shows_reasons", "empty_phrases")
