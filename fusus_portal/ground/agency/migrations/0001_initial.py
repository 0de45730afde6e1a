"""The tables of the agency: its own row, documents, sentences around messages.

The row begins with the settings AGENCY_*.
"""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from fusus_portal.ground.agency.first_values import first_values


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the row, and the line of history that later changes are compared with."""
    alias = schema_editor.connection.alias
    row = apps.get_model("agency", "Agency").objects.using(alias).create(**first_values())
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001
    past = apps.get_model("agency", "HistoricalAgency").objects.using(alias)
    past.create(history_type="+", history_date=timezone.now(), **columns)


class Migration(migrations.Migration):
    replaces = [("agency", "0001_agency")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("only", models.BooleanField(default=True, editable=False, unique=True)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(help_text="As the public knows it.", max_length=120, verbose_name="name")),
                (
                    "short_name",
                    models.CharField(
                        help_text="In running text: “Sheriff's Office”.", max_length=60, verbose_name="short name"
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        help_text="People call it to learn whether a request is real.",
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 ().\\-]{5,24}( ?(ext\\.?|x) ?[0-9]{1,6})?$",
                                "Write a phone number, for example 205-555-0100.",
                            )
                        ],
                        verbose_name="phone",
                    ),
                ),
                (
                    "help_phone",
                    models.CharField(
                        blank=True,
                        help_text="For help with this site, where another number answers.",
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 ().\\-]{5,24}( ?(ext\\.?|x) ?[0-9]{1,6})?$",
                                "Write a phone number, for example 205-555-0100.",
                            )
                        ],
                        verbose_name="phone for help",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail for the public")),
                (
                    "news_url",
                    models.URLField(
                        help_text="Where the office announces things. Messages never do.",
                        validators=[
                            django.core.validators.URLValidator(
                                message="Write a whole address that begins with https://.", schemes=["https"]
                            )
                        ],
                        verbose_name="news page",
                    ),
                ),
                ("social_urls", models.JSONField(blank=True, default=dict, verbose_name="social links")),
                ("seal", models.CharField(blank=True, editable=False, max_length=64, verbose_name="seal")),
                ("seal_address", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "color_primary",
                    models.CharField(
                        help_text="Of links, buttons and the header.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "Write a color as # and six digits, for example #1b3a5d."
                            )
                        ],
                        verbose_name="main color",
                    ),
                ),
                (
                    "color_accent",
                    models.CharField(
                        help_text="Of lines and drawings.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "Write a color as # and six digits, for example #1b3a5d."
                            )
                        ],
                        verbose_name="second color",
                    ),
                ),
            ],
            options={
                "verbose_name": "agency",
                "verbose_name_plural": "agencies",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", True)), name="agency_agency_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("short_name", ""), _negated=True),
                            models.Q(("phone", ""), _negated=True),
                        ),
                        name="agency_can_be_named_and_reached",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("color_primary__regex", "^#[0-9a-fA-F]{6}$"), ("color_accent__regex", "^#[0-9a-fA-F]{6}$")
                        ),
                        name="agency_colors_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seal", ""), ("seal__regex", "^[0-9a-f]{64}$"), _connector="OR"),
                        name="agency_seal_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAgency",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("only", models.BooleanField(db_index=True, default=True, editable=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(help_text="As the public knows it.", max_length=120, verbose_name="name")),
                (
                    "short_name",
                    models.CharField(
                        help_text="In running text: “Sheriff's Office”.", max_length=60, verbose_name="short name"
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        help_text="People call it to learn whether a request is real.",
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 ().\\-]{5,24}( ?(ext\\.?|x) ?[0-9]{1,6})?$",
                                "Write a phone number, for example 205-555-0100.",
                            )
                        ],
                        verbose_name="phone",
                    ),
                ),
                (
                    "help_phone",
                    models.CharField(
                        blank=True,
                        help_text="For help with this site, where another number answers.",
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 ().\\-]{5,24}( ?(ext\\.?|x) ?[0-9]{1,6})?$",
                                "Write a phone number, for example 205-555-0100.",
                            )
                        ],
                        verbose_name="phone for help",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail for the public")),
                (
                    "news_url",
                    models.URLField(
                        help_text="Where the office announces things. Messages never do.",
                        validators=[
                            django.core.validators.URLValidator(
                                message="Write a whole address that begins with https://.", schemes=["https"]
                            )
                        ],
                        verbose_name="news page",
                    ),
                ),
                ("social_urls", models.JSONField(blank=True, default=dict, verbose_name="social links")),
                ("seal", models.CharField(blank=True, editable=False, max_length=64, verbose_name="seal")),
                ("seal_address", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "color_primary",
                    models.CharField(
                        help_text="Of links, buttons and the header.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "Write a color as # and six digits, for example #1b3a5d."
                            )
                        ],
                        verbose_name="main color",
                    ),
                ),
                (
                    "color_accent",
                    models.CharField(
                        help_text="Of lines and drawings.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "Write a color as # and six digits, for example #1b3a5d."
                            )
                        ],
                        verbose_name="second color",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical agency",
                "verbose_name_plural": "historical agencies",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("terms", "Terms of use"),
                            ("privacy", "Privacy statement"),
                            ("sharing", "Sharing agreement"),
                        ],
                        max_length=10,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "publisher",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text_en",
                    models.TextField(
                        validators=[
                            django.core.validators.MinLengthValidator(200),
                            django.core.validators.MaxLengthValidator(40000),
                        ],
                        verbose_name="English text",
                    ),
                ),
                (
                    "text_es",
                    models.TextField(
                        validators=[
                            django.core.validators.MinLengthValidator(200),
                            django.core.validators.MaxLengthValidator(40000),
                        ],
                        verbose_name="Spanish text",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "number"), name="document_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["terms", "privacy", "sharing"])), name="document_kind_in_list"
                    ),
                    models.CheckConstraint(condition=models.Q(("number__gt", 0)), name="document_number_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text_en", ""), _negated=True), models.Q(("text_es", ""), _negated=True)
                        ),
                        name="document_has_both_texts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageText",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("language", models.CharField(choices=[("en", "English"), ("es", "Spanish")], max_length=2)),
                ("opening", models.CharField(blank=True, max_length=240, verbose_name="first sentence")),
                ("closing", models.CharField(blank=True, max_length=240, verbose_name="last sentence")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "language"), name="message_text_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind", ""), _negated=True), name="message_text_has_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "es"])), name="message_text_language_in_list"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalMessageText",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("kind", models.CharField(max_length=40)),
                ("language", models.CharField(choices=[("en", "English"), ("es", "Spanish")], max_length=2)),
                ("opening", models.CharField(blank=True, max_length=240, verbose_name="first sentence")),
                ("closing", models.CharField(blank=True, max_length=240, verbose_name="last sentence")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical message text",
                "verbose_name_plural": "historical message texts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
