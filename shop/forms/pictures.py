"""A box for several pictures."""

from typing import Any

from django import forms
from django.core.files.base import File


class Pictures(forms.FileInput):
    """A box for several pictures."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures."""

    def clean(self, data: Any, initial: Any = None) -> "list[File[bytes]]":
        """Return each of them."""
        each = data if isinstance(data, list | tuple) else [data]
        if not self.required and not any(each):
            return []
        return [super(PicturesField, self).clean(one, initial) for one in each]
