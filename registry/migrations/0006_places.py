"""Several places each, pauses, what a camera covers; and the database's side of a doubled place."""

import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import registry.models.people

# One address, however it is written: small letters, the postal service's short words, no punctuation, five digits.
ADDRESS_KEY = """
CREATE FUNCTION registry_address_key(street text, zip_code text) RETURNS text LANGUAGE plpgsql
IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  words text[] := ARRAY[
    ['street', 'st'], ['avenue', 'ave'], ['av', 'ave'], ['road', 'rd'], ['drive', 'dr'], ['lane', 'ln'],
    ['boulevard', 'blvd'], ['court', 'ct'], ['place', 'pl'], ['circle', 'cir'], ['parkway', 'pkwy'],
    ['highway', 'hwy'], ['terrace', 'ter'], ['trail', 'trl'], ['square', 'sq'], ['north', 'n'], ['south', 's'],
    ['east', 'e'], ['west', 'w'], ['northeast', 'ne'], ['northwest', 'nw'], ['southeast', 'se'], ['southwest', 'sw'],
    ['(apartment|apt|suite|ste|unit|number|no)', '']];
  key text := regexp_replace(lower(street), '[^[:alnum:]]+', ' ', 'g');
BEGIN
  FOR i IN 1 .. array_length(words, 1) LOOP
    key := regexp_replace(key, '\\m' || words[i][1] || '\\M', words[i][2], 'g');
  END LOOP;
  RETURN btrim(regexp_replace(key, ' +', ' ', 'g')) || ' ' || left(zip_code, 5);
END $$;
"""

# As before, and no camera that its owner has paused.
ONLY_NEARBY = """
CREATE OR REPLACE FUNCTION registry_camera_is_nearby() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  distance_m double precision;
  allowed_m double precision;
BEGIN
  SELECT 2 * 6371008.8 * asin(least(1.0, sqrt(
           power(sin(radians(p.latitude - c.latitude) / 2), 2)
           + cos(radians(c.latitude)) * cos(radians(p.latitude))
             * power(sin(radians(p.longitude - c.longitude) / 2), 2)))),
         c.radius_m
    INTO distance_m, allowed_m
    FROM public.registry_footagerequest r
    JOIN public.registry_canvass c ON c.id = r.canvass_id
    JOIN public.registry_incident i ON i.id = r.incident_id
    JOIN public.registry_camera k ON k.id = NEW.camera_id
    JOIN public.registry_premises p ON p.id = k.premises_id AND p.registrant_id = r.registrant_id
   WHERE r.id = NEW.request_id AND i.state = 'open' AND k.removed_at IS NULL AND k.paused_at IS NULL
     AND p.precision IN ('pinned', 'rooftop');
  IF NOT FOUND OR distance_m > allowed_m + 1 THEN
    RAISE EXCEPTION 'this camera may not be asked about: not inside the search area of an open incident'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_leaving"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(ADDRESS_KEY),
        migrations.RunSQL(ONLY_NEARBY),
        migrations.RemoveConstraint(
            model_name="premises",
            name="premises_zip_code_form",
        ),
        migrations.AddField(
            model_name="camera",
            name="angle",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="how wide it sees"),
        ),
        migrations.AddField(
            model_name="camera",
            name="days_kept",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days that it keeps footage"),
        ),
        migrations.AddField(
            model_name="camera",
            name="facing",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="where it faces"),
        ),
        migrations.AddField(
            model_name="camera",
            name="paused_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="camera",
            name="reach_m",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="how far it sees"),
        ),
        migrations.AddField(
            model_name="camera",
            name="snapshot",
            field=models.CharField(blank=True, editable=False, max_length=100),
        ),
        migrations.AddField(
            model_name="camera",
            name="snapshot_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="historicalcamera",
            name="angle",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="how wide it sees"),
        ),
        migrations.AddField(
            model_name="historicalcamera",
            name="days_kept",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days that it keeps footage"),
        ),
        migrations.AddField(
            model_name="historicalcamera",
            name="facing",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="where it faces"),
        ),
        migrations.AddField(
            model_name="historicalcamera",
            name="paused_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="historicalcamera",
            name="reach_m",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="how far it sees"),
        ),
        migrations.AddField(
            model_name="historicalcamera",
            name="snapshot_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="historicalpremises",
            name="name",
            field=models.CharField(blank=True, max_length=80, verbose_name="name of the place"),
        ),
        migrations.AddField(
            model_name="historicalpremises",
            name="removed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="historicalregistrant",
            name="contact_person",
            field=models.CharField(blank=True, max_length=120, verbose_name="contact person"),
        ),
        migrations.AddField(
            model_name="historicalregistrant",
            name="contact_way",
            field=models.CharField(
                choices=[
                    ("email", "By e-mail only"),
                    ("call", "By e-mail, and a deputy may call me about footage that I gave"),
                ],
                default="email",
                max_length=10,
                verbose_name="how to reach them",
            ),
        ),
        migrations.AddField(
            model_name="historicalregistrant",
            name="hours",
            field=models.CharField(blank=True, max_length=120, verbose_name="hours"),
        ),
        migrations.AddField(
            model_name="historicalregistrant",
            name="second_phone",
            field=models.CharField(blank=True, max_length=20, verbose_name="second phone number"),
        ),
        migrations.AddField(
            model_name="premises",
            name="name",
            field=models.CharField(blank=True, max_length=80, verbose_name="name of the place"),
        ),
        migrations.AddField(
            model_name="premises",
            name="removed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="registrant",
            name="contact_person",
            field=models.CharField(blank=True, max_length=120, verbose_name="contact person"),
        ),
        migrations.AddField(
            model_name="registrant",
            name="contact_way",
            field=models.CharField(
                choices=[
                    ("email", "By e-mail only"),
                    ("call", "By e-mail, and a deputy may call me about footage that I gave"),
                ],
                default="email",
                max_length=10,
                verbose_name="how to reach them",
            ),
        ),
        migrations.AddField(
            model_name="registrant",
            name="hours",
            field=models.CharField(blank=True, max_length=120, verbose_name="hours"),
        ),
        migrations.AddField(
            model_name="registrant",
            name="second_phone",
            field=models.CharField(blank=True, max_length=20, verbose_name="second phone number"),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.UniqueConstraint(
                models.F("premises"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("removed_at", None)),
                name="camera_once_at_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(("facing", None), ("facing__lt", 360), _connector="OR"), name="camera_facing_degrees"
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(("angle", None), models.Q(("angle__gte", 1), ("angle__lte", 360)), _connector="OR"),
                name="camera_angle_degrees",
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reach_m", None), models.Q(("reach_m__gte", 1), ("reach_m__lte", 500)), _connector="OR"
                ),
                name="camera_reach_m",
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("days_kept", None), models.Q(("days_kept__gte", 1), ("days_kept__lte", 3650)), _connector="OR"
                ),
                name="camera_days_kept",
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("facing", None), _negated=True),
                    models.Q(("angle", None), ("reach_m", None)),
                    _connector="OR",
                ),
                name="camera_sector_has_direction",
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("snapshot", ""), ("snapshot_at", None)),
                    models.Q(models.Q(("snapshot", ""), _negated=True), models.Q(("snapshot_at", None), _negated=True)),
                    _connector="OR",
                ),
                name="camera_snapshot_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="premises",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("zip_code__regex", "^\\d{5}(-\\d{4})?$"),
                    models.Q(("removed_at", None), _negated=True),
                    _connector="OR",
                ),
                name="premises_zip_code_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="premises",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("removed_at", None),
                    models.Q(
                        ("city", ""),
                        ("latitude", 0.0),
                        ("longitude", 0.0),
                        ("name", ""),
                        ("precision", "area"),
                        ("state", ""),
                        ("street", ""),
                        ("zip_code", ""),
                    ),
                    _connector="OR",
                ),
                name="premises_removed_is_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="premises",
            constraint=models.UniqueConstraint(
                models.F("registrant"),
                registry.models.people.AddressKey("street", "zip_code"),
                condition=models.Q(("removed_at", None)),
                name="premises_once_for_registrant",
            ),
        ),
        migrations.AddConstraint(
            model_name="registrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("contact_way__in", ["email", "call"])), name="registrant_contact_way_in_list"
            ),
        ),
    ]
