"""The picture of what a camera sees."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PictureForm(forms.Form):
    """One file. Whether it is a picture is found out by decoding it, not by its name."""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. Place, time and device that the file tells are taken out."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": _("Choose a picture."), "empty": _("This file is empty. Choose a picture.")},
    )
