"""The tables of accounts: people, their roles, their identities elsewhere, failed sign-ins."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("accounts", "0001_accounts"), ("accounts", "0002_identities")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("resident", "Resident"),
                            ("business", "Business"),
                            ("deputy", "Deputy"),
                            ("supervisor", "Supervisor"),
                            ("auditor", "Auditor"),
                            ("clerk", "Clerk"),
                            ("administrator", "Administrator"),
                        ],
                        default="resident",
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("pseudonym", models.CharField(blank=True, max_length=64)),
                ("call_back_number", models.CharField(blank=True, max_length=32, verbose_name="call-back number")),
                (
                    "language",
                    models.CharField(choices=[("en", "English"), ("es", "Español")], default="en", max_length=2),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("is_staff", models.BooleanField(default=False, editable=False)),
                ("is_superuser", models.BooleanField(default=False, editable=False)),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("password_changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("locked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("disabled_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        models.F("role"),
                        models.F("email"),
                        condition=models.Q(("role__in", ["administrator", "auditor", "clerk", "deputy", "supervisor"])),
                        name="user_agency_list",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="user_email_is_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                ["administrator", "auditor", "business", "clerk", "deputy", "resident", "supervisor"],
                            )
                        ),
                        name="user_role_is_listed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_staff", False), ("is_superuser", False)),
                        name="user_is_never_above_the_rules",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("role__in", ["administrator", "auditor", "clerk", "deputy", "supervisor"]),
                                models.Q(("pseudonym", ""), _negated=True),
                            ),
                            models.Q(("role__in", ["business", "resident"]), ("pseudonym", "")),
                            _connector="OR",
                        ),
                        name="user_agency_has_pseudonym",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["administrator", "auditor", "clerk", "deputy", "supervisor"]),
                            ("locked_at", None),
                            _connector="OR",
                        ),
                        name="user_public_is_never_locked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disabled_at", None), ("is_active", True)),
                            models.Q(("disabled_at__isnull", False), ("is_active", False)),
                            _connector="OR",
                        ),
                        name="user_disabled_has_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("pseudonym", ""), _negated=True),
                        fields=("pseudonym",),
                        name="user_pseudonym_is_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identities",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("issuer", models.CharField(max_length=255)),
                ("subject_id", models.CharField(max_length=255)),
                ("linked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name_plural": "identities",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "subject_id"), name="identity_of_one_account"),
                    models.UniqueConstraint(fields=("account", "issuer"), name="identity_once_for_issuer"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issuer", ""), _negated=True), models.Q(("subject_id", ""), _negated=True)
                        ),
                        name="identity_is_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleChange",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invite", "Invite a person"),
                            ("change_role", "Change the role"),
                            ("release", "Release the lock"),
                            ("reset_factors", "Let the person set up a new passkey or app"),
                            ("disable", "Disable the account"),
                            ("enable", "Enable the account"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waiting for a second administrator"),
                            ("approved", "Waiting for the invited person"),
                            ("accepted", "In effect"),
                            ("cancelled", "Canceled"),
                            ("expired", "Expired"),
                        ],
                        default="proposed",
                        max_length=16,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="role_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("name", models.CharField(blank=True, max_length=120)),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("resident", "Resident"),
                            ("business", "Business"),
                            ("deputy", "Deputy"),
                            ("supervisor", "Supervisor"),
                            ("auditor", "Auditor"),
                            ("clerk", "Clerk"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("by_operator", models.BooleanField(default=False)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                ("accepted_at", models.DateTimeField(editable=False, null=True)),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-proposed_at"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["change_role", "disable", "enable", "invite", "release", "reset_factors"])
                        ),
                        name="role_change_kind_is_listed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["accepted", "approved", "cancelled", "expired", "proposed"])),
                        name="role_change_state_is_listed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            ("proposed_by", None),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="role_change_takes_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("by_operator", True),
                            models.Q(
                                ("proposed_by__isnull", False),
                                models.Q(("approved_at", None), ("approved_by__isnull", False), _connector="OR"),
                            ),
                            _connector="OR",
                        ),
                        name="role_change_names_both_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approved_by", None), ("approved_at__isnull", False), _connector="OR"),
                        name="role_change_approval_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_by", None), ("cancelled_at", None)),
                            models.Q(("cancelled_by__isnull", False), ("cancelled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="role_change_cancellation_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "accepted"]), _negated=True),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="role_change_effect_is_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "proposed"), _negated=True), ("approved_at", None), _connector="OR"
                        ),
                        name="role_change_proposal_is_not_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "invite"), models.Q(("email", ""), _negated=True)),
                            models.Q(
                                models.Q(("kind", "invite"), _negated=True), ("email", ""), ("account__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="role_change_is_about_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["invite", "change_role"]),
                                ("role__in", ["administrator", "auditor", "clerk", "deputy", "supervisor"]),
                            ),
                            models.Q(models.Q(("kind__in", ["invite", "change_role"]), _negated=True), ("role", "")),
                            _connector="OR",
                        ),
                        name="role_change_gives_agency_roles_only",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "approved"]), ("account__isnull", False)),
                        fields=("account",),
                        name="role_change_one_open_an_account",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "approved"]), ("kind", "invite")),
                        fields=("email",),
                        name="role_change_one_open_an_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInFailure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_in_failures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["account", "at"], name="sign_in_failure_recent")],
            },
        ),
    ]
