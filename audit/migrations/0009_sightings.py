"""Counts of what was seen again and again in an hour, which wait until they are entries."""

from django.db import migrations, models

# A count grows by one. It goes with the entry of what it counted, written in the same transaction, or with none where
# there is nothing beyond the entries that were written at once. Nobody changes what it is about, or empties the table.
GUARD = """
REVOKE ALL ON audit_sighting FROM portal_app;
GRANT SELECT, INSERT, DELETE, UPDATE (seen) ON audit_sighting TO portal_app;

CREATE FUNCTION audit_sighting_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.seen = 1 THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.seen = OLD.seen + 1 AND to_jsonb(NEW) - 'seen' = to_jsonb(OLD) - 'seen' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    PERFORM 1 WHERE OLD.seen <= 2;
    IF FOUND THEN
      RETURN OLD;
    END IF;
    PERFORM 1 FROM public.audit_entry e JOIN public.audit_counter c ON c.camera = e.camera_id
      WHERE e.camera_id = OLD.camera_id::uuid AND e.camera_number > c.last - 1000
        AND e.transaction = public.audit_transaction() AND e.event = OLD.event AND e.actor_id = OLD.actor_id
        AND e.sign_in = OLD.sign_in AND (e.facts->>'count')::bigint = OLD.seen - 2;
    IF FOUND THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'a count of sightings grows by one, and ends as an entry' USING ERRCODE = 'restrict_violation';
END $$;
REVOKE ALL ON FUNCTION audit_sighting_counts() FROM PUBLIC;
CREATE TRIGGER audit_sighting_counts BEFORE INSERT OR UPDATE OR DELETE ON audit_sighting
  FOR EACH ROW EXECUTE FUNCTION audit_sighting_counts();
"""


def text(longest: int) -> models.CharField:
    """Return a column of a text."""
    return models.CharField(max_length=longest)


class Migration(migrations.Migration):
    dependencies = [("audit", "0008_checks_that_continue")]

    operations = [
        migrations.CreateModel(
            name="AuditSighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hour", models.DateTimeField()),
                ("alike", models.BinaryField(max_length=32)),
                ("together", models.BinaryField(max_length=32)),
                ("event", text(64)),
                ("actor_kind", text(16)),
                ("actor_id", text(64)),
                ("actor_role", text(32)),
                ("actor_pseudonym", text(64)),
                ("sign_in", text(64)),
                ("address", text(64)),
                ("user_agent", models.TextField()),
                ("subject_kind", text(32)),
                ("subject_id", text(64)),
                ("incident_id", text(64)),
                ("camera_id", text(64)),
                ("offence_type", text(64)),
                ("premises_type", text(32)),
                ("area", text(64)),
                ("facts", models.JSONField(default=dict)),
                ("reason", models.TextField()),
                ("seen", models.PositiveIntegerField(default=1)),
            ],
            options={"db_table": "audit_sighting", "default_permissions": ()},
        ),
        migrations.AddConstraint(
            model_name="auditsighting",
            constraint=models.UniqueConstraint(fields=["hour", "alike"], name="audit_sighting_once"),
        ),
        migrations.AddIndex(
            model_name="auditsighting", index=models.Index(fields=["actor_id"], name="audit_sighting_actor")
        ),
        migrations.RunSQL(GUARD),
    ]
