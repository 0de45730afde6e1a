"""Mails to people of an import. Their contexts are built when rendered, so that no link is ever stored."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind
from registry.imports.links import claim_token, invitation_token
from registry.imports.models import Imported, ImportInvitation
from registry.places.models import Camera


class RegistrationImportedMessage(PublicKind, kind=MessageKind.REGISTRATION_IMPORTED):
    purpose = _("Tells a person that the office imported their registration, and how to take it over or leave.")
    subject = _("Your camera registration %(number)s moved to the new portal of the %(office)s")
    needs = "cameras consent_on link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: registrant (id)."""
        imported = Imported.objects.select_related("registrant").get(pk=UUID(str(context["registrant"])))
        return {
            "number": imported.registrant.reference,
            "cameras": Camera.objects.registered().filter(premises__registrant=imported.registrant).count(),
            "consent_on": imported.consent_on,
            "link": absolute(reverse("claim", args=[claim_token(imported.pk)])),
        }


class ImportInvitationMessage(PublicKind, kind=MessageKind.IMPORT_INVITATION):
    purpose = _("Asks a person of the office's former list once whether they want to register, or to be deleted.")
    subject = _("The %(office)s asks: register your cameras? (%(number)s)")
    needs = "link no_link until"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: invitation (id)."""
        invitation = ImportInvitation.objects.get(pk=UUID(str(context["invitation"])))
        token = invitation_token(invitation.pk)
        return {
            "link": absolute(reverse("invited", args=[token])),
            "no_link": absolute(reverse("invited_no", args=[token])),
            "until": timezone.localtime(invitation.kept_until),
        }
