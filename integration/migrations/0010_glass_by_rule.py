"""Broken glass shows only cameras whose rule allows it, under an agreement whose words name it."""

from django.db import migrations, models

# By the camera's rule and by what its business signed; a rule that was there before this allows no glass. Whether the
# agreement's last day has passed is the gate's: the clock of the agency is no setting of the database.
ALLOWED = """
CREATE FUNCTION integration_glass_is_allowed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM public.integration_declaration d WHERE d.id = NEW.declaration_id AND d.kind = 'break_glass';
  IF NOT FOUND THEN
    RETURN NEW;
  END IF;
  PERFORM FROM public.integration_devicecamera b
    JOIN public.integration_sharingrule r ON r.camera_id = b.id
    JOIN public.registry_camera k ON k.id = b.camera_id
    JOIN public.registry_premises p ON p.id = k.premises_id
    JOIN public.integration_sharingagreement s ON s.registrant_id = p.registrant_id
    JOIN public.agency_document t ON t.id = s.document_id
   WHERE b.id = NEW.camera_id AND r.allows_glass AND t.names_glass
     AND s.revoked_at IS NULL AND s.replaced_at IS NULL AND s.ended_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'broken glass shows a camera whose signed agreement and rule allow it, and no other'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION integration_glass_is_allowed() FROM PUBLIC;
CREATE TRIGGER integration_view_under_glass_begins BEFORE INSERT ON integration_viewgrant FOR EACH ROW
  WHEN (NEW.state = 'running') EXECUTE FUNCTION integration_glass_is_allowed();
CREATE TRIGGER integration_view_under_glass_is_extended BEFORE UPDATE ON integration_viewgrant FOR EACH ROW
  WHEN (NEW.state = 'running' AND NEW.ends_at > OLD.ends_at) EXECUTE FUNCTION integration_glass_is_allowed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0004_announcements"),
        ("integration", "0009_glass_is_rare"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalsharingrule",
            name="allows_glass",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="sharingrule",
            name="allows_glass",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="sharingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("allows_glass", False), models.Q(("mode", "never"), _negated=True), _connector="OR"
                ),
                name="sharing_rule_never_through_glass",
            ),
        ),
        migrations.RunSQL(ALLOWED),
    ]
