from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.pages.fields import FewLines
from fusus_portal.ground.pages.numbers import RadiusField, in_feet
from integration.critical import policies
from integration.rules import DECLARED_SQUARE_MILES, LARGEST_RADIUS_M
from registry.incidents.models import Incident
from registry.places.forms.pins import Placed
from registry.places.policies import check_inside


class DeclareForm(Placed):
    radius_m = RadiusField(
        label=_("Radius in feet"),
        min_value=1,
        max_value=in_feet(LARGEST_RADIUS_M),
        help_text=_("Above %(area)s square miles (2,106 ft) a second supervisor must confirm it.")
        % {"area": DECLARED_SQUARE_MILES},
    )
    reason = FewLines(label=_("Reason"), help_text=_("Why this is critical now. Auditors read it. Write no names."))
    field_order = ("latitude", "longitude", "radius_m", "reason")

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incident = incident

    def rules(self) -> Iterable[Rule]:
        return (
            (("latitude", "longitude"), lambda north, east: check_inside(Point(north, east), field="latitude")),
            (
                ("latitude", "longitude", "radius_m"),
                lambda north, east, radius: policies.check_circle(Point(north, east), radius, incident=self.incident),
            ),
            (("reason",), partial(policies.check_fresh_reason, incident=self.incident)),
        )


class RenewForm(CheckedForm):
    reason = FewLines(
        label=_("Reason"),
        help_text=_("What has happened since, and why it is still critical. Auditors read it. Write no names."),
    )


class GlassForm(CheckedForm):
    reason = FewLines(
        label=_("Reason"), help_text=_("What happens now, and why nobody can wait for a supervisor. Auditors read it.")
    )


class JustificationForm(CheckedForm):
    called: ClassVar = {"justification": "text"}

    justification = forms.CharField(
        label=_("Justification"),
        max_length=policies.LONGEST_JUSTIFICATION,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What happened, what was seen, and why no supervisor could be reached. Write no names."),
    )
