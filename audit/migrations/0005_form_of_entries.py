"""Stops at a log that was sealed before entries had the form of the first release: its bytes could not be checked."""

from django.db import migrations

STOP = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM audit_leaf) OR EXISTS (SELECT FROM audit_bundle) THEN
    RAISE EXCEPTION 'the entries of this log were sealed in a form that no release has'
      USING HINT = 'Begin with a new database. That of the demo is thrown away by: make demo-reset';
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_expiry")]
    operations = [migrations.RunSQL(STOP)]
