"""The database's side of the tree over the log: shapes, who may write what, seals; and each alarm once.

Leaves, bundles of entries, tiles, checkpoints, what is published, and keys are the sealer's own.
"""

from django.db import migrations

# Django knows the half of `audit_checkpoint_root`: it has no words for the length of bytes.
SHAPES = """
ALTER TABLE audit_leaf ADD CONSTRAINT audit_leaf_place CHECK (leaf_index >= 0),
    ADD CONSTRAINT audit_leaf_fits CHECK (octet_length(bytes) <= 65535);
ALTER TABLE audit_bundle ADD CONSTRAINT audit_bundle_place CHECK (n >= 0),
    ADD CONSTRAINT audit_bundle_full CHECK (cardinality(entries) = 256),
    ADD CONSTRAINT audit_bundle_ends CHECK (first <= last);
CREATE INDEX audit_bundle_entries ON audit_bundle USING gist (int8range(first, last, '[]'));
ALTER TABLE audit_tile ADD CONSTRAINT audit_tile_place CHECK (level >= 0 AND level <= 7 AND n >= 0),
    ADD CONSTRAINT audit_tile_full CHECK (octet_length(hashes) = 8192 AND octet_length(root) = 32);
ALTER TABLE audit_checkpoint DROP CONSTRAINT audit_checkpoint_root,
    ADD CONSTRAINT audit_checkpoint_root CHECK (size > 0 AND octet_length(root) = 32);
ALTER TABLE audit_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
ALTER TABLE audit_bundle ALTER COLUMN compressed SET STORAGE EXTERNAL;
"""

# The sealer alone writes the tree; the application reads it. Alarms are raised by both and settled by the application;
# the sealer settles its own once what hindered it is over.
RIGHTS = """
REVOKE ALL ON audit_leaf, audit_bundle, audit_tile, audit_checkpoint, audit_publication, audit_key, audit_alarm
    FROM portal_app;
GRANT SELECT ON audit_leaf, audit_bundle, audit_tile, audit_checkpoint, audit_publication, audit_key, audit_alarm
    TO portal_app, portal_sealer;
GRANT INSERT, DELETE ON audit_leaf TO portal_sealer;
GRANT INSERT ON audit_bundle, audit_tile, audit_checkpoint, audit_publication, audit_key TO portal_sealer;
GRANT INSERT ON audit_alarm TO portal_app, portal_sealer;
GRANT USAGE ON SEQUENCE audit_alarm_id_seq TO portal_app, portal_sealer;
GRANT UPDATE (recorded_at, settled_at, settled_by) ON audit_alarm TO portal_app;
GRANT UPDATE (settled_at, settled_by) ON audit_alarm TO portal_sealer;
"""

# An alarm that is open stands for all of the same words.
ALARMS = """
CREATE UNIQUE INDEX audit_alarm_open ON audit_alarm (kind, md5(what)) WHERE settled_at IS NULL;
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
    replaces = [("audit", "0004_tree"), ("audit", "0007_watching")]
    dependencies = [("audit", "0002_guard")]
    operations = [
        migrations.RunSQL(SHAPES),
        migrations.RunSQL(RIGHTS),
        migrations.RunSQL(ALARMS),
        migrations.RunSQL([sealing(table) for table in TREE]),
    ]
