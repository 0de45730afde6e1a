"""The tables of the ledger, as Django knows them. What the database guards of them is in the files after this."""

import uuid

import django.contrib.postgres.fields
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

import audit.models


class Migration(migrations.Migration):
    replaces = [("audit", "0003_tally_of_people")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=1000)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "db_table": "audit_filter",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="audit_filter_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner", ""), _negated=True), models.Q(("name", ""), _negated=True)
                        ),
                        name="audit_filter_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogPrint",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("owner", models.CharField(max_length=64)),
                ("said", models.TextField()),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("entries", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("checkpoint", models.BigIntegerField()),
                ("key", models.CharField(blank=True, max_length=64)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "audit_print",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), ("made_at__isnull", True)),
                            models.Q(
                                ("begun_at__isnull", False),
                                ("made_at__isnull", False),
                                models.Q(("key", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="audit_print_made_has_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_at__isnull", True), ("failed_at__isnull", True), _connector="OR"),
                        name="audit_print_made_or_failed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("begun_at__isnull", True), ("begun_at__gte", models.F("asked_at")), _connector="OR"
                        ),
                        name="audit_print_begun_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ("nonce", models.BinaryField(db_default=b"", max_length=16)),
                ("event", models.CharField(max_length=64)),
                ("outcome", models.CharField(max_length=16)),
                ("actor_kind", models.CharField(max_length=16)),
                ("actor_id", models.CharField(max_length=64)),
                ("actor_role", models.CharField(max_length=32)),
                ("actor_pseudonym", models.CharField(max_length=64)),
                ("sign_in", models.CharField(max_length=64)),
                ("subject_kind", models.CharField(max_length=32)),
                ("subject_id", models.CharField(max_length=64)),
                ("incident_id", audit.models.OpaqueIdField()),
                ("camera_id", audit.models.OpaqueIdField()),
                ("camera_number", models.BigIntegerField(db_default=0, editable=False)),
                ("offence_type", models.CharField(max_length=64)),
                ("premises_type", models.CharField(max_length=32)),
                ("area", models.CharField(max_length=64)),
                ("facts", models.JSONField(default=dict)),
                ("reason_digest", models.BinaryField(max_length=32, null=True)),
                ("address_digest", models.BinaryField(max_length=32, null=True)),
                ("agent_digest", models.BinaryField(max_length=32, null=True)),
            ],
            options={
                "db_table": "audit_entry",
                "default_permissions": (),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="AuditDetail",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("reason", "Reason"), ("address", "Address"), ("agent", "Agent")], max_length=16
                    ),
                ),
                ("salt", models.BinaryField(max_length=16)),
                ("text", models.TextField()),
                ("incident_id", audit.models.OpaqueIdField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                "db_table": "audit_detail",
                "default_permissions": (),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="AuditTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minute", models.DateTimeField()),
                ("event", models.CharField(max_length=64)),
                ("address", models.CharField(max_length=64)),
                ("actor_kind", models.CharField(default="visitor", max_length=16)),
                ("actor_id", models.CharField(default="", max_length=64)),
                ("actor_role", models.CharField(default="visitor", max_length=32)),
                ("actor_pseudonym", models.CharField(default="", max_length=64)),
                ("subject_kind", models.CharField(default="visitor", max_length=32)),
                ("subject_id", models.CharField(default="", max_length=64)),
                ("count", models.PositiveIntegerField(default=1)),
            ],
            options={
                "db_table": "audit_tally",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("minute", "event", "address", "actor_kind", "actor_id", "subject_kind", "subject_id"),
                        name="audit_tally_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("leaf_index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField(unique=True)),
                ("bytes", models.BinaryField()),
            ],
            options={
                "db_table": "audit_leaf",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Bundle",
            fields=[
                ("n", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("entries", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=256)),
                ("compressed", models.BinaryField()),
            ],
            options={
                "db_table": "audit_bundle",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "n", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("n", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
                ("root", models.BinaryField()),
            ],
            options={
                "db_table": "audit_tile",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "audit_checkpoint",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="audit_checkpoint_root")
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "audit_publication",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="audit_publication_size")
                ],
            },
        ),
        migrations.CreateModel(
            name="LogKey",
            fields=[
                ("verifier", models.TextField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "audit_key",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=32)),
                ("what", models.TextField()),
                ("raised_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("recorded_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(db_default="", default="", max_length=64)),
            ],
            options={
                "db_table": "audit_alarm",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("settled_by", "")),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                                models.Q(("settled_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="audit_alarm_settled",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfCheck",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("findings", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "audit_self_check",
                "default_permissions": (),
            },
        ),
    ]
