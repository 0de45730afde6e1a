from typing import ClassVar, Final

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from fusus_portal.ground.rows import RandomIdRow

LONGEST_ENDPOINT: Final = 500


class PushSubscription(RandomIdRow):
    """A browser that shows notices to an account during one sign-in; deleting its session deletes the row.

    endpoint: the maker's URL for this browser. p256dh, auth: the browser's public key and secret, base64url without
    padding (RFC 8291); with all three anybody could send notices. sent_at: last attempt.
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
