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
        if not any(each):
            # None at all: said beside what else is missing.
            return [] if not self.required else super().clean(None, initial)
        return [super(PicturesField, self).clean(one, initial) for one in each]
