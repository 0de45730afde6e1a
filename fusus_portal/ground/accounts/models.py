from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, PUBLIC_ROLES, Role
from fusus_portal.ground.accounts.states import RoleChangeKind, RoleChangeState, SuspensionState
from fusus_portal.ground.languages import written
from fusus_portal.ground.lifecycle import Other
from fusus_portal.ground.rows import RandomIdRow, Recorded

_AGENCY = Q(role__in=sorted(AGENCY_ROLES))
_PUBLIC = Q(role__in=sorted(PUBLIC_ROLES))


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(Recorded, AbstractBaseUser):
    """One person's account, with one role. disabled_at: set exactly while `is_active` is false.

    pseudonym: an agency person's name for owners and the log ("Deputy K7Q2"); its code never changes. locked_at: five
    failed sign-ins (CJIS AC-7); only agency accounts are ever locked.
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
        return written(self.pseudonym)

    @property
    def actor(self) -> Actor:
        """The account in the audit log: an opaque id, the role, the badge pseudonym."""
        return Actor(ActorKind.USER, str(self.pk), role=str(self.role), pseudonym=self.pseudonym)


class Identity(RandomIdRow):
    """An account's holder at an identity provider: issuer and subject, never e-mail (OpenID Connect Core, 5.7)."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject_id = models.CharField(max_length=255)
    linked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "identities"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject_id"], name="identity_of_one_account"),
            models.UniqueConstraint(fields=["account", "issuer"], name="identity_once_for_issuer"),
            models.CheckConstraint(condition=~Q(issuer="") & ~Q(subject_id=""), name="identity_is_named"),
        ]

    def __str__(self) -> str:
        return f"identity {self.id}"


class SignInFailure(models.Model):
    """A failed sign-in of an agency account, in PostgreSQL: counts lost from a cache would allow more (CJIS AC-7)."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_failures")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["account", "at"], name="sign_in_failure_recent")]

    def __str__(self) -> str:
        return f"{self.account_id} at {self.at:%Y-%m-%d %H:%M}"


WAITS = timedelta(days=1)
"""Time for a second administrator to confirm a suspension (also a CHECK of the database)."""
ENOUGH_IN_A_DAY = 3
"""Most suspensions by one administrator in 24 hours (also enforced by the database)."""
ONE_WORD_IN = timedelta(days=7)
"""Time in which an administrator can't repeat a suspension that nobody confirmed (also enforced by the database)."""
_WAITS = Q(state=SuspensionState.SUSPENDED)


class Suspension(Recorded):
    """A suspension: one person says that an account is stolen, a second may confirm it within a day.

    by_operator: the operator at the server was one of the two; then `suspended_by` or `confirmed_by` is empty.
    ended_at: when the account came back because nobody confirmed.
    """

    subject_kind = "suspension"

    state = models.CharField(max_length=16, choices=SuspensionState, default=SuspensionState.SUSPENDED)
    account = models.ForeignKey(User, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.CharField(max_length=300)
    by_operator = models.BooleanField(default=False)
    suspended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    suspended_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-suspended_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=sorted(SuspensionState)), name="suspension_state_is_listed"),
            models.CheckConstraint(
                condition=Q(suspended_by=None) | ~Q(suspended_by=F("account")), name="suspension_is_of_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("account")) & (Q(suspended_by=None) | ~Q(confirmed_by=F("suspended_by")))),
                name="suspension_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(by_operator=True)
                | (Q(suspended_by__isnull=False) & (Q(confirmed_at=None) | Q(confirmed_by__isnull=False))),
                name="suspension_names_both_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(suspended_by__isnull=False) | Q(confirmed_by__isnull=False),
                name="suspension_has_one_word_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(confirmed_at__isnull=False), name="suspension_second_word_has_time"
            ),
            models.CheckConstraint(
                condition=Q(state=SuspensionState.CONFIRMED, confirmed_at__lt=F("expires_at"))
                | (~Q(state=SuspensionState.CONFIRMED) & Q(confirmed_at=None)),
                name="suspension_is_confirmed_in_time",
            ),
            models.CheckConstraint(
                condition=Q(state=SuspensionState.ENDED, ended_at__gte=F("expires_at"))
                | (~Q(state=SuspensionState.ENDED) & Q(ended_at=None)),
                name="suspension_ends_after_its_time",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=F("suspended_at") + WAITS), name="suspension_waits_for_a_day"
            ),
            models.UniqueConstraint(fields=["account"], condition=_WAITS, name="suspension_one_open_an_account"),
        ]
        indexes: ClassVar = [models.Index(fields=["suspended_by", "suspended_at"], name="suspension_of_a_day")]

    def __str__(self) -> str:
        return f"suspension of {self.account_id}"


_INVITE = Q(kind=RoleChangeKind.INVITE)
_GIVES_ROLE = Q(kind__in=[RoleChangeKind.INVITE, RoleChangeKind.CHANGE_ROLE])
_OPEN = Q(state__in=[RoleChangeState.PROPOSED, RoleChangeState.APPROVED])
_PENDING = Q(state=RoleChangeState.PROPOSED)
_HANDLED = Q(state__in=[RoleChangeState.APPROVED, RoleChangeState.ACCEPTED])


class RoleChange(Recorded):
    """A change that one administrator proposes and another approves (CJIS AC-5).

    email, name: of the invited person. account: the account changed, or the one made from the invitation. by_operator:
    the operator stood in while fewer than two administrators could act; then `proposed_by` or `approved_by` is empty.
    """

    subject_kind = "role_change"

    kind = models.CharField(max_length=16, choices=RoleChangeKind)
    state = models.CharField(max_length=16, choices=RoleChangeState, default=RoleChangeState.PROPOSED)
    account = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="role_changes")
    email = models.EmailField(max_length=254, blank=True)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=16, choices=Role, blank=True)
    reason = models.CharField(max_length=300)
    by_operator = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-proposed_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=sorted(RoleChangeKind)), name="role_change_kind_is_listed"),
            models.CheckConstraint(condition=Q(state__in=sorted(RoleChangeState)), name="role_change_state_is_listed"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(proposed_by=None) | ~Q(approved_by=F("proposed_by")),
                name="role_change_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(by_operator=True)
                | (Q(proposed_by__isnull=False) & (Q(approved_at=None) | Q(approved_by__isnull=False))),
                name="role_change_names_both_people",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(approved_at__isnull=False), name="role_change_approval_is_whole"
            ),
            models.CheckConstraint(
                condition=(Q(cancelled_by=None) & Q(cancelled_at=None))
                | (Q(cancelled_by__isnull=False) & Q(cancelled_at__isnull=False)),
                name="role_change_cancellation_is_whole",
            ),
            models.CheckConstraint(
                condition=~_HANDLED | Q(approved_at__isnull=False), name="role_change_effect_is_approved"
            ),
            models.CheckConstraint(
                condition=~_PENDING | Q(approved_at=None), name="role_change_proposal_is_not_approved"
            ),
            models.CheckConstraint(
                condition=(_INVITE & ~Q(email="")) | (~_INVITE & Q(email="") & Q(account__isnull=False)),
                name="role_change_is_about_someone",
            ),
            models.CheckConstraint(
                condition=(_GIVES_ROLE & Q(role__in=sorted(AGENCY_ROLES))) | (~_GIVES_ROLE & Q(role="")),
                name="role_change_gives_agency_roles_only",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=_OPEN & Q(account__isnull=False), name="role_change_one_open_an_account"
            ),
            models.UniqueConstraint(
                fields=["email"], condition=_OPEN & _INVITE, name="role_change_one_open_an_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.about}"

    @property
    def about(self) -> str:
        return self.email or str(self.account)


def staff_key(related_name: str = "+") -> "models.ForeignKey[User | None, User | None]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name=related_name
    )


def actor_of(by: User | Actor) -> Actor:
    """Return the actor of an account; an Actor is returned unchanged."""
    return by if isinstance(by, Actor) else by.actor


def task_actor(name: str) -> Actor:
    return Actor(ActorKind.TASK, name, role=Other.TASK)
