"""The tree over the log: leaves, bundles of entries, tiles, checkpoints, what is published, and alarms.

The log itself gets smaller: identities of incidents and cameras are UUIDs, and what no question asks has no index.
"""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

import audit.models

# `audit_entry` is a sealed table. While the log is empty its owner may open it; later only a superuser can.
OPEN = "SELECT audit_guard.unseal_empty('audit_entry')"

# The sealer's queue holds what waits a fraction of a second, so it needs no index. A camera's counter is nearly always
# updated, and in pages that are half full that moves no index.
ENTRIES = """
ALTER TABLE audit_pending DROP CONSTRAINT audit_pending_pkey;
ALTER TABLE audit_pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
ALTER TABLE audit_counter SET (fillfactor = 50);
DROP INDEX audit_entry_camera_once;
ALTER TABLE audit_entry ALTER COLUMN db_role DROP DEFAULT;
ALTER TABLE audit_entry
    ALTER COLUMN incident_id DROP NOT NULL,
    ALTER COLUMN incident_id TYPE uuid USING nullif(incident_id, '')::uuid,
    ALTER COLUMN camera_id DROP NOT NULL,
    ALTER COLUMN camera_id TYPE uuid USING nullif(camera_id, '')::uuid,
    ALTER COLUMN db_role TYPE text USING db_role::text,
    ALTER COLUMN db_role SET DEFAULT session_user::text;
ALTER TABLE audit_detail
    ALTER COLUMN incident_id DROP NOT NULL,
    ALTER COLUMN incident_id TYPE uuid USING nullif(incident_id, '')::uuid;
ALTER TABLE audit_counter ALTER COLUMN camera TYPE uuid USING camera::uuid;
ALTER TABLE audit_entry ADD CONSTRAINT audit_entry_facts_plain CHECK (
    jsonb_typeof(facts) = 'object' AND octet_length(facts::text) <= 16384 AND NOT jsonb_path_exists(facts,
        '$.* ? (@.type() != "string" && (@.type() != "number" || @ != @.floor() || @ > 9007199254740991 || @ < -9007199254740991))'));
CREATE UNIQUE INDEX audit_entry_camera ON audit_entry (camera_id, camera_number) WHERE camera_id IS NOT NULL;
CREATE INDEX audit_entry_incident ON audit_entry (incident_id, id) WHERE incident_id IS NOT NULL;
CREATE INDEX audit_entry_actor ON audit_entry (hashtext(actor_id), id);
CREATE INDEX audit_entry_subject ON audit_entry (subject_kind, subject_id, id) WHERE subject_kind <> 'camera';
CREATE INDEX audit_entry_at ON audit_entry USING brin (at) WITH (pages_per_range = 16);

CREATE OR REPLACE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.at := clock_timestamp();
  NEW.transaction := pg_current_xact_id();
  NEW.db_role := session_user;
  NEW.nonce := substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) FOR 16);
  NEW.camera_number := 0;
  IF NEW.camera_id IS NOT NULL THEN
    INSERT INTO public.audit_counter AS counter (camera, last) VALUES (NEW.camera_id, 1)
      ON CONFLICT (camera) DO UPDATE SET last = counter.last + 1
      RETURNING last INTO NEW.camera_number;
  END IF;
  INSERT INTO public.audit_pending (entry) VALUES (NEW.id);
  RETURN NEW;
END $$;
"""

SHAPES = """
ALTER TABLE audit_leaf ADD CONSTRAINT audit_leaf_place CHECK (leaf_index >= 0),
    ADD CONSTRAINT audit_leaf_fits CHECK (octet_length(bytes) <= 65535);
ALTER TABLE audit_bundle ADD CONSTRAINT audit_bundle_place CHECK (n >= 0),
    ADD CONSTRAINT audit_bundle_full CHECK (cardinality(entries) = 256),
    ADD CONSTRAINT audit_bundle_ends CHECK (first <= last);
CREATE INDEX audit_bundle_entries ON audit_bundle USING gist (int8range(first, last, '[]'));
ALTER TABLE audit_tile ADD CONSTRAINT audit_tile_place CHECK (level >= 0 AND level <= 7 AND n >= 0),
    ADD CONSTRAINT audit_tile_full CHECK (octet_length(hashes) = 8192 AND octet_length(root) = 32);
ALTER TABLE audit_checkpoint ADD CONSTRAINT audit_checkpoint_root CHECK (size > 0 AND octet_length(root) = 32);
ALTER TABLE audit_publication ADD CONSTRAINT audit_publication_size CHECK (size > 0);
ALTER TABLE audit_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
ALTER TABLE audit_bundle ALTER COLUMN compressed SET STORAGE EXTERNAL;
"""

# The sealer alone writes the tree; the application reads it. Alarms are raised by both and settled by the application.
RIGHTS = """
REVOKE ALL ON audit_leaf, audit_bundle, audit_tile, audit_checkpoint, audit_publication, audit_key, audit_alarm FROM portal_app;
GRANT SELECT ON audit_leaf, audit_bundle, audit_tile, audit_checkpoint, audit_publication, audit_key, audit_alarm
    TO portal_app, portal_sealer;
GRANT INSERT, DELETE ON audit_leaf TO portal_sealer;
GRANT INSERT ON audit_bundle, audit_tile, audit_checkpoint, audit_publication, audit_key TO portal_sealer;
GRANT INSERT ON audit_alarm TO portal_app, portal_sealer;
GRANT USAGE ON SEQUENCE audit_alarm_id_seq TO portal_app, portal_sealer;
GRANT UPDATE (recorded_at, settled_at, settled_by) ON audit_alarm TO portal_app;
"""


def sealing(table: str) -> str:
    """Return what keeps a table of the tree append-only, and seals it."""
    return f"""
CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_guard.refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_refuse;
SELECT audit_guard.seal('{table}');
"""


TREE = ("audit_bundle", "audit_tile", "audit_checkpoint", "audit_publication", "audit_key")


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_tally_of_people")]
    operations = [
        migrations.RunSQL(OPEN),
        migrations.RemoveIndex(model_name="auditentry", name="audit_entry_camera"),
        migrations.RemoveIndex(model_name="auditentry", name="audit_entry_incident"),
        migrations.RemoveIndex(model_name="auditentry", name="audit_entry_subject"),
        migrations.RemoveIndex(model_name="auditentry", name="audit_entry_actor"),
        migrations.RunSQL(
            ENTRIES,
            state_operations=[
                migrations.AlterField("auditentry", "incident_id", audit.models.OpaqueIdField()),
                migrations.AlterField("auditentry", "camera_id", audit.models.OpaqueIdField()),
                migrations.AlterField("auditdetail", "incident_id", audit.models.OpaqueIdField()),
            ],
        ),
        migrations.RunSQL("DROP TABLE audit_leaf"),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("leaf_index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField(unique=True)),
                ("bytes", models.BinaryField()),
            ],
            options={"db_table": "audit_leaf", "default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Bundle",
            fields=[
                ("n", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("entries", django.contrib.postgres.fields.ArrayField(models.BigIntegerField(), size=256)),
                ("compressed", models.BinaryField()),
            ],
            options={"db_table": "audit_bundle", "default_permissions": ()},
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
            options={"db_table": "audit_tile", "default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
            ],
            options={"db_table": "audit_checkpoint", "default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("note", models.TextField()),
            ],
            options={"db_table": "audit_publication", "default_permissions": ()},
        ),
        migrations.CreateModel(
            name="LogKey",
            fields=[
                ("verifier", models.TextField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={"db_table": "audit_key", "default_permissions": ()},
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
                ("settled_by", models.CharField(default="", max_length=64, db_default="")),
            ],
            options={
                "db_table": "audit_alarm",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("settled_at__isnull", True), ("settled_by", ""))
                        | models.Q(("settled_at__isnull", False), models.Q(("settled_by", ""), _negated=True)),
                        name="audit_alarm_settled",
                    )
                ],
            },
        ),
        migrations.RunSQL(SHAPES),
        migrations.RunSQL(RIGHTS),
        migrations.RunSQL([sealing(table) for table in TREE]),
        migrations.RunSQL("SELECT audit_guard.seal('audit_entry')"),
    ]
