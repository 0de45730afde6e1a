"""Looking for an incident."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from registry.number_format import LONGEST_NUMBER
from registry.selectors.incidents import Standing, Wanted


class IncidentSearchForm(forms.Form):
    """By number or a part of it, by how it stands, and for supervisors: their own or all."""

    number = forms.CharField(
        label=_("Number, or a part of it"), required=False, max_length=LONGEST_NUMBER, widget=forms.TextInput()
    )
    standing = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any")), *Standing.choices])
    whose = forms.ChoiceField(label=_("Whose"), required=False, choices=[("", _("All")), ("own", _("Assigned to me"))])

    def __init__(self, *arguments: object, by: User, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        if by.role != Role.SUPERVISOR:
            del self.fields["whose"]  # a deputy sees none but their own

    def wanted(self) -> Wanted:
        """Return what is looked for; what is not valid is not asked for."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(found.get("number", ""), found.get("standing", ""), own=found.get("whose") == "own")
