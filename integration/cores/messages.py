"""Messages about COREs. Each is built from ids when it is rendered, so no link is ever stored."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind
from integration.cores.models import Core, DeviceCamera, ProblemKind
from integration.rules import WELL_FOR


class AboutConnection(PublicKind):
    needs = "seen_at link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: core (id)."""
        core = Core.objects.get(pk=str(context["core"]))
        return {
            "number": core.serial,
            "seen_at": timezone.localtime(core.seen_at or core.received_at),
            "link": absolute(reverse("device", args=[core.pk])),
        }


class CoreOfflineMessage(AboutConnection, kind=MessageKind.CORE_OFFLINE):
    purpose = _("Tells a business, once, that its CORE was offline for 15 minutes.")
    subject = _("Your CORE %(number)s is offline")


class CoreOnlineMessage(AboutConnection, kind=MessageKind.CORE_ONLINE):
    purpose = _("Tells a business that its CORE is back online.")
    subject = _("Your CORE %(number)s is back")


class CoreNoticeMessage(PublicKind, kind=MessageKind.CORE_NOTICE):
    purpose = _(
        "Tells a business what its CORE says is wrong with a camera, such as a black picture. Nobody else is told."
    )
    subject = _("Please look at a camera behind your CORE %(number)s")
    needs = "lines minutes link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: core (id), problems ("CAMERA:KIND CAMERA:KIND"). Leaves out cameras that were disconnected since."""
        core = Core.objects.get(pk=str(context["core"]))
        told = [each.split(":") for each in str(context["problems"]).split()]
        rows = DeviceCamera.objects.filter(pk__in=[pk for pk, _kind in told], removed_at__isnull=True)
        names = {behind.pk: behind.camera.name for behind in rows.select_related("camera")}
        lines = [
            {"camera": names[UUID(pk)], "words": ProblemKind(kind).label} for pk, kind in told if UUID(pk) in names
        ]
        return {
            "number": core.serial,
            "lines": lines,
            "minutes": WELL_FOR // timedelta(minutes=1),
            "link": absolute(reverse("device", args=[core.pk])),
        }
