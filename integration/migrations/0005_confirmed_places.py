"""A place at which a CORE works was confirmed by that, unless it has been elsewhere since."""

from django.db import migrations

EARLIER = """
INSERT INTO registry_confirmation (id, premises_id, way, latitude, longitude, precision, confirmed_at)
  SELECT gen_random_uuid(), p.id, 'core', p.latitude, p.longitude, p.precision, min(c.activated_at)
  FROM registry_premises p
  JOIN integration_core c ON c.premises_id = p.id AND c.activated_at IS NOT NULL
  WHERE p.removed_at IS NULL AND greatest(p.moved_at, p.placed_at) <= c.activated_at
  GROUP BY p.id
  ON CONFLICT (premises_id) WHERE ended_at IS NULL DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("integration", "0004_further_reasons"), ("registry", "0008_confirmed_places")]
    operations = [migrations.RunSQL(EARLIER)]
