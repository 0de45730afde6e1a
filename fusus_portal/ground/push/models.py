"""Which browser shows notices to whom."""

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from fusus_portal.ground.rows import RandomIdRow

LONGEST_ENDPOINT: Final = 500


class PushSubscription(RandomIdRow):
    """A browser that shows notices to an account, while the sign-in lasts in which they were turned on.

    session: of that sign-in. Whatever deletes it deletes this row: signing out, ending all sign-ins, the clock.
    endpoint: where the browser's maker takes notices for it; whoever knows it and both keys could send some.
    p256dh, auth: the browser's public key and its secret, base64url without padding (RFC 8291).
    sent_at: when a notice was last sent, or tried.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions")
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="push_subscription")
    endpoint = models.CharField(max_length=LONGEST_ENDPOINT, unique=True)
    p256dh = models.CharField(max_length=87)
    auth = models.CharField(max_length=22)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return f"of {self.account_id}"
