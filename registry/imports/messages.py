"""Mails of an import, built when they are rendered, so that no link is ever stored."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from registry.imports.links import claim_token, invitation_token
from registry.imports.models import Imported, ImportInvitation
from registry.places.models import Camera


def registration_imported(context: Context) -> Mapping[str, object]:
    """Context: registrant (id)."""
    imported = Imported.objects.select_related("registrant").get(pk=UUID(str(context["registrant"])))
    return {
        "number": imported.registrant.reference,
        "cameras": Camera.objects.registered().filter(premises__registrant=imported.registrant).count(),
        "consent_on": imported.consent_on,
        "link": absolute(reverse("claim", args=[claim_token(imported.pk)])),
    }


def import_invitation(context: Context) -> Mapping[str, object]:
    """Context: invitation (id)."""
    invitation = ImportInvitation.objects.get(pk=UUID(str(context["invitation"])))
    token = invitation_token(invitation.pk)
    return {
        "link": absolute(reverse("invited", args=[token])),
        "no_link": absolute(reverse("invited_no", args=[token])),
        "until": timezone.localtime(invitation.kept_until),
    }
