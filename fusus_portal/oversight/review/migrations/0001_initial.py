"""The tables of the weekly review. What the database guards of them is in the file after this."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewWeek",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("begins_at", models.DateTimeField(unique=True)),
                ("ends_at", models.DateTimeField()),
                ("seed", models.CharField(max_length=32)),
                ("seed_hash", models.CharField(max_length=64, unique=True)),
                ("seeded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("seeded", "Seed drawn"), ("open", "To review"), ("signed", "Signed")],
                        default="seeded",
                        max_length=10,
                    ),
                ),
                ("drawn_at", models.DateTimeField(blank=True, null=True)),
                ("acts", models.PositiveIntegerField(default=0)),
                ("colleagues", models.JSONField(blank=True, default=dict)),
                ("overdue_at", models.DateTimeField(blank=True, null=True)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("paper_hash", models.CharField(blank=True, max_length=64)),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-begins_at"],
            },
        ),
        migrations.CreateModel(
            name="ReviewCard",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("place", models.PositiveIntegerField()),
                ("kind", models.CharField(choices=[("sample", "Random sample"), ("flag", "Stood out")], max_length=10)),
                (
                    "flag",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_call", "Search or view without a call nearby"),
                            ("odd_hours", "At hours that are unusual for this person"),
                            ("same_owner", "The same owner or address again and again"),
                            ("long_views", "Long live views"),
                            ("near_home", "Near this person's own home"),
                            ("same_reason", "Reasons that are alike"),
                            ("extensions", "One extension after another"),
                            ("refused", "Refused again and again"),
                            ("glass", "Broken glass"),
                            ("unverified", "Closed without having been verified"),
                            ("watch_hours", "Watched much more than is usual"),
                            ("two_places", "One sign-in at two places"),
                            ("shared_account", "An account that several people seem to share"),
                        ],
                        max_length=20,
                    ),
                ),
                ("person", models.CharField(blank=True, max_length=64)),
                ("entries", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("weight", models.FloatField(default=1.0)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("fine", "Fine"), ("finding", "Finding")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("blocked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "week",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="review.reviewweek"
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
            },
        ),
        migrations.CreateModel(
            name="ReviewPaper",
            fields=[
                (
                    "week",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="paper",
                        serialize=False,
                        to="review.reviewweek",
                    ),
                ),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="ReviewQuestion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=1000)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked"), ("answered", "Answered"), ("closed", "Closed without an answer")],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="review.reviewcard"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_questions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at"],
            },
        ),
        migrations.CreateModel(
            name="AlarmAddress",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("approved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="review_address_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retired_at__isnull", True), ("retired_by__isnull", True)),
                            models.Q(("retired_at__isnull", False), ("retired_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="review_address_retired_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="review_address_by_two",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)), fields=("email",), name="review_address_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewFinding",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("note", models.CharField(max_length=1000)),
                ("follow_up", models.CharField(max_length=300)),
                ("due_on", models.DateField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "state",
                    models.CharField(choices=[("open", "Open"), ("closed", "Closed")], default="open", max_length=10),
                ),
                ("outcome", models.CharField(blank=True, max_length=1000)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "card",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="finding", to="review.reviewcard"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "made_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "closed"])), name="review_finding_state_in_list"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("note", ""), _negated=True), models.Q(("follow_up", ""), _negated=True)
                        ),
                        name="review_finding_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="review_finding_closed_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "closed"),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            models.Q(("closed_at__isnull", True), ("outcome", ""), ("state", "open")),
                            _connector="OR",
                        ),
                        name="review_finding_closed_has_outcome",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="reviewweek",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["seeded", "open", "signed"])), name="review_week_state_in_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewweek",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("begins_at"))), name="review_week_ends_later"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewweek",
            constraint=models.CheckConstraint(
                condition=models.Q(("seed__regex", "^[0-9a-f]{32}$"), ("seed_hash__regex", "^[0-9a-f]{64}$")),
                name="review_week_seed_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewweek",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signed_at__isnull", True), ("signed_by__isnull", True)),
                    models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                    _connector="OR",
                ),
                name="review_week_signed_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewweek",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("drawn_at__isnull", True), ("state", "seeded")),
                    models.Q(models.Q(("state", "seeded"), _negated=True), ("drawn_at__isnull", False)),
                    _connector="OR",
                ),
                name="review_week_drawn_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewweek",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("paper_hash__regex", "^[0-9a-f]{64}$"), ("signed_at__isnull", False), ("state", "signed")
                    ),
                    models.Q(
                        models.Q(("state", "signed"), _negated=True), ("paper_hash", ""), ("signed_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="review_week_signed_has_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcard",
            constraint=models.UniqueConstraint(fields=("week", "place"), name="review_card_one_a_place"),
        ),
        migrations.AddConstraint(
            model_name="reviewcard",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["sample", "flag"])), name="review_card_kind_in_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcard",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "fine", "finding"])), name="review_card_state_in_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("flag", ""), ("kind", "sample")),
                    models.Q(
                        (
                            "flag__in",
                            [
                                "no_call",
                                "odd_hours",
                                "same_owner",
                                "long_views",
                                "near_home",
                                "same_reason",
                                "extensions",
                                "refused",
                                "glass",
                                "unverified",
                                "watch_hours",
                                "two_places",
                                "shared_account",
                            ],
                        ),
                        ("kind", "flag"),
                    ),
                    _connector="OR",
                ),
                name="review_card_flag_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="review_card_decided_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "waiting")),
                    models.Q(models.Q(("state", "waiting"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="review_card_decided_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "answered", "closed"])), name="review_question_state_in_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="review_question_asks"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", models.F("asked_by")), _negated=True), name="review_question_of_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewquestion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")), fields=("card",), name="review_question_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", False), ("state", "answered"), models.Q(("answer", ""), _negated=True)
                    ),
                    models.Q(
                        models.Q(("state", "answered"), _negated=True), ("answer", ""), ("answered_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="review_question_answer_pair",
            ),
        ),
    ]
