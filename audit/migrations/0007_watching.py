"""How the ledger is watched: each alarm once, who may settle it, and what the hourly check said."""

import django.db.models.functions.datetime
from django.db import migrations, models

# An alarm that is open stands for all of the same words. The sealer settles its own once what hindered it is over.
ALARMS = """
CREATE UNIQUE INDEX audit_alarm_open ON audit_alarm (kind, md5(what)) WHERE settled_at IS NULL;
GRANT UPDATE (settled_at, settled_by) ON audit_alarm TO portal_sealer;
"""

# They are in the database since 0004, and their tables are sealed.
CONSTRAINTS_OF_SEALED_TABLES = [
    migrations.AddConstraint(name, models.CheckConstraint(condition=models.Q(("size__gt", 0)), name=constraint))
    for name, constraint in (("checkpoint", "audit_checkpoint_root"), ("publication", "audit_publication_size"))
]


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_checks")]
    operations = [
        migrations.RunSQL(ALARMS),
        migrations.CreateModel(
            name="SelfCheck",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("findings", models.PositiveIntegerField()),
            ],
            options={"db_table": "audit_self_check", "default_permissions": ()},
        ),
        migrations.RemoveConstraint("alarm", "audit_alarm_settled"),
        migrations.AddConstraint(
            "alarm",
            models.CheckConstraint(
                condition=models.Q(("settled_at__isnull", True), ("settled_by", ""))
                | models.Q(
                    ("settled_at__isnull", False),
                    ("settled_by__isnull", False),
                    models.Q(("settled_by", ""), _negated=True),
                ),
                name="audit_alarm_settled",
            ),
        ),
        migrations.SeparateDatabaseAndState(state_operations=CONSTRAINTS_OF_SEALED_TABLES),
    ]
