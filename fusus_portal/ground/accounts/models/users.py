from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, PUBLIC_ROLES, Role
from fusus_portal.ground.accounts.states import SuspensionState
from fusus_portal.ground.languages import written
from fusus_portal.ground.rows import Recorded

_AGENCY = Q(role__in=sorted(AGENCY_ROLES))
_PUBLIC = Q(role__in=sorted(PUBLIC_ROLES))


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(Recorded, AbstractBaseUser):
    """One person's account, with one role.

    pseudonym: an agency person's name for owners and the log ("Deputy K7Q2"); its code never changes.
    locked_at: five failed sign-ins (CJIS AC-7); only agency accounts are ever locked.
    disabled_at: set exactly while `is_active` is false.
    """

    subject_kind = "account"

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    role = models.CharField(max_length=16, choices=Role, default=Role.RESIDENT)
    name = models.CharField(_("name"), max_length=120, blank=True)
    pseudonym = models.CharField(max_length=64, blank=True)
    call_back_number = models.CharField(_("call-back number"), max_length=32, blank=True)
    language = models.CharField(max_length=2, choices={"en": "English", "es": "Español"}, default="en")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, editable=False)
    is_superuser = models.BooleanField(default=False, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    password_changed_at = models.DateTimeField(default=timezone.now, editable=False)
    locked_at = models.DateTimeField(null=True, blank=True, editable=False)
    disabled_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(condition=Q(role__in=sorted(Role)), name="user_role_is_listed"),
            models.CheckConstraint(
                condition=Q(is_staff=False, is_superuser=False), name="user_is_never_above_the_rules"
            ),
            models.CheckConstraint(
                condition=(_AGENCY & ~Q(pseudonym="")) | (_PUBLIC & Q(pseudonym="")), name="user_agency_has_pseudonym"
            ),
            models.CheckConstraint(condition=_AGENCY | Q(locked_at=None), name="user_public_is_never_locked"),
            models.CheckConstraint(
                condition=Q(is_active=True, disabled_at=None) | Q(is_active=False, disabled_at__isnull=False),
                name="user_disabled_has_time",
            ),
            models.UniqueConstraint(fields=["pseudonym"], condition=~Q(pseudonym=""), name="user_pseudonym_is_unique"),
        ]
        indexes: ClassVar = [models.Index(F("role"), F("email"), name="user_agency_list", condition=_AGENCY)]

    def __str__(self) -> str:
        return self.name or self.email

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @property
    def is_agency(self) -> bool:
        return self.role in AGENCY_ROLES

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None

    @property
    def is_suspended(self) -> bool:
        """True while one administrator's suspension waits for a second one."""
        return not self.is_active and self.suspensions.filter(state=SuspensionState.SUSPENDED).exists()

    @property
    def badge(self) -> str:
        """The badge pseudonym in the reader's language."""
        return written(self.pseudonym)

    @property
    def actor(self) -> Actor:
        """The account in the audit log: an opaque id, the role, the badge pseudonym."""
        return Actor(ActorKind.USER, str(self.pk), role=str(self.role), pseudonym=self.pseudonym)
