"""Reviewers from outside: a role of the agency that reads the weekly review, and no more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_two_administrators"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="rolechange",
            name="role_change_gives_agency_roles_only",
        ),
        migrations.RemoveConstraint(
            model_name="user",
            name="user_role_is_listed",
        ),
        migrations.RemoveConstraint(
            model_name="user",
            name="user_agency_has_pseudonym",
        ),
        migrations.RemoveConstraint(
            model_name="user",
            name="user_public_is_never_locked",
        ),
        migrations.RemoveIndex(
            model_name="user",
            name="user_agency_list",
        ),
        migrations.AlterField(
            model_name="rolechange",
            name="role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("resident", "Resident"),
                    ("business", "Business"),
                    ("deputy", "Deputy"),
                    ("supervisor", "Supervisor"),
                    ("auditor", "Auditor"),
                    ("clerk", "Clerk"),
                    ("administrator", "Administrator"),
                    ("reviewer", "Reviewer"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=[
                    ("resident", "Resident"),
                    ("business", "Business"),
                    ("deputy", "Deputy"),
                    ("supervisor", "Supervisor"),
                    ("auditor", "Auditor"),
                    ("clerk", "Clerk"),
                    ("administrator", "Administrator"),
                    ("reviewer", "Reviewer"),
                ],
                default="resident",
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                models.F("role"),
                models.F("email"),
                condition=models.Q(
                    ("role__in", ["administrator", "auditor", "clerk", "deputy", "reviewer", "supervisor"])
                ),
                name="user_agency_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["invite", "change_role"]),
                        ("role__in", ["administrator", "auditor", "clerk", "deputy", "reviewer", "supervisor"]),
                    ),
                    models.Q(models.Q(("kind__in", ["invite", "change_role"]), _negated=True), ("role", "")),
                    _connector="OR",
                ),
                name="role_change_gives_agency_roles_only",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "administrator",
                            "auditor",
                            "business",
                            "clerk",
                            "deputy",
                            "resident",
                            "reviewer",
                            "supervisor",
                        ],
                    )
                ),
                name="user_role_is_listed",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("role__in", ["administrator", "auditor", "clerk", "deputy", "reviewer", "supervisor"]),
                        models.Q(("pseudonym", ""), _negated=True),
                    ),
                    models.Q(("role__in", ["business", "resident"]), ("pseudonym", "")),
                    _connector="OR",
                ),
                name="user_agency_has_pseudonym",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["administrator", "auditor", "clerk", "deputy", "reviewer", "supervisor"]),
                    ("locked_at", None),
                    _connector="OR",
                ),
                name="user_public_is_never_locked",
            ),
        ),
    ]
