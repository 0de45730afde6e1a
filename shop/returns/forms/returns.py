"""What a business fills in about a CORE that it keeps."""

from django.utils.translation import gettext_lazy as _

from shop.parcels.forms import PlaceForm


class KeepForm(PlaceForm):
    """At which place a CORE stands that its owner keeps."""

    asks = _("Where will it stand?")
