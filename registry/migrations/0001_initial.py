"""The tables of the registry. What the database guards of them is in the files after this."""

import datetime as dt
import uuid
from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from fusus_portal.ground.geo import search
from registry.canvasses import models as canvasses
from registry.footage import models as footage
from registry.imports import models as import_models
from registry.other_counties import models as other_county_models
from registry.places import models as place_models
from registry.registrants import models as people_models

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

# Words of lawful assembly that no purpose of a canvass may hold, in English and Spanish, with accents and without.
ASSEMBLY = "\\m([aá]ct[ií]v[ií]sm|[aá]ct[ií]v[ií]sm[oó]|[aá]ct[ií]v[ií]st|[aá]ct[ií]v[ií]st[aá]|[aá]ct[ií]v[ií]st[aá]s|[aá]ct[ií]v[ií]sts|[aá]s[aá]mbl[eé][aá]|[aá]s[aá]mbl[eé][aá]s|[aá]ss[eé]mbl[ií][eé]s|[aá]ss[eé]mbly|b[oó][ií]c[oó]t|b[oó]yc[oó]tt|b[oó]yc[oó]tts|c[oó]ntr[aá]m[aá]n[ií]f[eé]st[aá]c[ií][oó]n|c[oó]ntr[aá]m[aá]n[ií]f[eé]st[aá]c[ií][oó]n[eé]s|c[oó]ntr[aá]pr[oó]t[eé]st[aá]|c[oó]ntr[aá]pr[oó]t[eé]st[aá]s|c[oó][uúü]nt[eé]rpr[oó]t[eé]st|c[oó][uúü]nt[eé]rpr[oó]t[eé]st[eé]r|c[oó][uúü]nt[eé]rpr[oó]t[eé]st[eé]rs|c[oó][uúü]nt[eé]rpr[oó]t[eé]sts|d[eé]m[oó]nstr[aá]t[ií][oó]n|d[eé]m[oó]nstr[aá]t[ií][oó]ns|d[eé]m[oó]nstr[aá]t[oó]r|d[eé]m[oó]nstr[aá]t[oó]rs|h[uúü][eé]lg[aá]|h[uúü][eé]lg[aá]s|h[uúü][eé]lg[uúü][ií]st[aá]|h[uúü][eé]lg[uúü][ií]st[aá]s|m[aá]n[ií]f[eé]st[aá]c[ií][oó]n|m[aá]n[ií]f[eé]st[aá]c[ií][oó]n[eé]s|m[aá]n[ií]f[eé]st[aá]nt[eé]|m[aá]n[ií]f[eé]st[aá]nt[eé]s|m[aá]rch[aá]|m[aá]rch[aá]s|m[aá]rch[eé]rs|m[aá]rch[eé]s|m[aá]rch[ií]ng|m[ií]t[ií]n|m[ií]t[ií]n[eé]s|p[ií]ck[eé]t|p[ií]ck[eé]t[eé]r|p[ií]ck[eé]t[eé]rs|p[ií]ck[eé]t[ií]ng|p[ií]ck[eé]ts|p[ií]q[uúü][eé]t[eé]|p[ií]q[uúü][eé]t[eé]s|pl[aá]nt[oó]n|pl[aá]nt[oó]n[eé]s|pr[oó]t[eé]st|pr[oó]t[eé]st[aá]|pr[oó]t[eé]st[aá]nd[oó]|pr[oó]t[eé]st[aá]r|pr[oó]t[eé]st[aá]r[oó]n|pr[oó]t[eé]st[aá]s|pr[oó]t[eé]st[eé]d|pr[oó]t[eé]st[eé]r|pr[oó]t[eé]st[eé]rs|pr[oó]t[eé]st[ií]ng|pr[oó]t[eé]st[oó]r|pr[oó]t[eé]st[oó]rs|pr[oó]t[eé]sts|r[aá]ll[ií][eé]s|r[aá]lly|r[aá]lly[ií]ng|str[ií]k[eé]rs|v[ií]g[ií]l|v[ií]g[ií]l[ií][aá]|v[ií]g[ií]l[ií][aá]s|v[ií]g[ií]ls|w[aá]lk[oó][uúü]t|w[aá]lk[oó][uúü]ts)\\M"


class Migration(migrations.Migration):
    replaces = [
        ("registry", "0001_registry"),
        ("registry", "0004_reminders"),
        ("registry", "0005_leaving"),
        ("registry", "0010_notices"),
        ("registry", "0015_dispatch"),
        ("registry", "0016_moving"),
        ("registry", "0017_agreements"),
        ("registry", "0018_imports"),
        ("registry", "0019_words_of_assembly"),
        ("registry", "0020_no_faults_of_registered_rows"),
        ("registry", "0021_longer_drafts"),
        ("registry", "0022_declaring_types"),
    ]

    initial = True

    dependencies = [
        ("agency", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(ADDRESS_KEY),
        migrations.CreateModel(
            name="Registrant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrant",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        default=people_models.registrant_number, editable=False, max_length=16, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("business", "Business")], max_length=10, verbose_name="kind"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("phone", models.CharField(max_length=20, verbose_name="phone number")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Español")],
                        max_length=10,
                        verbose_name="language of messages",
                    ),
                ),
                (
                    "contact_way",
                    models.CharField(
                        choices=[
                            ("email", "By e-mail only"),
                            ("call", "By e-mail, and a deputy may call me about footage that I gave"),
                        ],
                        default="email",
                        max_length=10,
                        verbose_name="how to reach them",
                    ),
                ),
                ("contact_person", models.CharField(blank=True, max_length=120, verbose_name="contact person")),
                ("second_phone", models.CharField(blank=True, max_length=20, verbose_name="second phone number")),
                ("hours", models.CharField(blank=True, max_length=120, verbose_name="hours")),
                ("registered_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["person", "business"])), name="registrant_kind_in_list"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="registrant_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(("contact_way__in", ["email", "call"])),
                        name="registrant_contact_way_in_list",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalRegistrant",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                (
                    "reference",
                    models.CharField(
                        db_index=True, default=people_models.registrant_number, editable=False, max_length=16
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("business", "Business")], max_length=10, verbose_name="kind"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("phone", models.CharField(max_length=20, verbose_name="phone number")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Español")],
                        max_length=10,
                        verbose_name="language of messages",
                    ),
                ),
                (
                    "contact_way",
                    models.CharField(
                        choices=[
                            ("email", "By e-mail only"),
                            ("call", "By e-mail, and a deputy may call me about footage that I gave"),
                        ],
                        default="email",
                        max_length=10,
                        verbose_name="how to reach them",
                    ),
                ),
                ("contact_person", models.CharField(blank=True, max_length=120, verbose_name="contact person")),
                ("second_phone", models.CharField(blank=True, max_length=20, verbose_name="second phone number")),
                ("hours", models.CharField(blank=True, max_length=120, verbose_name="hours")),
                ("registered_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical registrant",
                "verbose_name_plural": "historical registrants",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Premises",
            fields=[
                (
                    "latitude",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="longitude",
                    ),
                ),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("pinned", "placed on the map"),
                            ("rooftop", "found from the street address"),
                            ("area", "middle of the ZIP code area"),
                        ],
                        max_length=7,
                        verbose_name="precision",
                    ),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "registrant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="premises", to="registry.registrant"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("home", "Home"), ("business", "Business"), ("other", "Other place")],
                        max_length=10,
                        verbose_name="kind of place",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="name of the place")),
                ("street", models.CharField(max_length=120, verbose_name="street and number")),
                ("city", models.CharField(max_length=80, verbose_name="city")),
                (
                    "state",
                    models.CharField(
                        max_length=2,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2}$")],
                        verbose_name="state",
                    ),
                ),
                (
                    "zip_code",
                    models.CharField(
                        max_length=10,
                        validators=[django.core.validators.RegexValidator("^\\d{5}(-\\d{4})?$")],
                        verbose_name="ZIP code",
                    ),
                ),
                ("county_fips", models.CharField(editable=False, max_length=5)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("placed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("moved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("removed_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name_plural": "premises",
                "indexes": [
                    django.contrib.postgres.indexes.SpGistIndex(
                        search.PlanePoint(models.F("longitude"), models.F("latitude")),
                        name="premises_point",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("latitude__gte", -90), ("latitude__lte", 90)),
                        name="registry_premises_latitude_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("longitude__gte", -180), ("longitude__lte", 180)),
                        name="registry_premises_longitude_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("precision__in", ["pinned", "rooftop", "area"])),
                        name="registry_premises_precision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["home", "business", "other"])), name="premises_kind_in_list"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("county_fips__regex", "^\\d{5}$")), name="premises_county_five_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("zip_code__regex", "^\\d{5}(-\\d{4})?$"),
                            models.Q(("removed_at", None), _negated=True),
                            _connector="OR",
                        ),
                        name="premises_zip_code_form",
                    ),
                    models.CheckConstraint(
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
                    models.UniqueConstraint(
                        models.F("registrant"),
                        place_models.AddressKey("street", "zip_code"),
                        condition=models.Q(("removed_at", None)),
                        name="premises_once_for_registrant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPremises",
            fields=[
                (
                    "latitude",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="longitude",
                    ),
                ),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("pinned", "placed on the map"),
                            ("rooftop", "found from the street address"),
                            ("area", "middle of the ZIP code area"),
                        ],
                        max_length=7,
                        verbose_name="precision",
                    ),
                ),
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("home", "Home"), ("business", "Business"), ("other", "Other place")],
                        max_length=10,
                        verbose_name="kind of place",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="name of the place")),
                ("street", models.CharField(max_length=120, verbose_name="street and number")),
                ("city", models.CharField(max_length=80, verbose_name="city")),
                (
                    "state",
                    models.CharField(
                        max_length=2,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2}$")],
                        verbose_name="state",
                    ),
                ),
                (
                    "zip_code",
                    models.CharField(
                        max_length=10,
                        validators=[django.core.validators.RegexValidator("^\\d{5}(-\\d{4})?$")],
                        verbose_name="ZIP code",
                    ),
                ),
                ("county_fips", models.CharField(editable=False, max_length=5)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("placed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("moved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("removed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "registrant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.registrant",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical premises",
                "verbose_name_plural": "historical premises",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "registrant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="agreements", to="registry.registrant"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agency.document"
                    ),
                ),
                ("agreed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("registrant", "document"), name="agreement_once")],
            },
        ),
        migrations.CreateModel(
            name="Camera",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cameras", to="registry.premises"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("kind", models.CharField(blank=True, max_length=80, verbose_name="kind of camera")),
                ("make", models.CharField(blank=True, max_length=80, verbose_name="make")),
                ("model", models.CharField(blank=True, max_length=80, verbose_name="model")),
                ("covers", models.CharField(blank=True, max_length=200, verbose_name="what it covers")),
                ("facing", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="where it faces")),
                ("angle", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="how wide it sees")),
                ("reach_m", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="how far it sees")),
                (
                    "days_kept",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days that it keeps footage"),
                ),
                ("snapshot", models.CharField(blank=True, editable=False, max_length=100)),
                ("snapshot_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("paused_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("removed_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("premises"),
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("removed_at", None)),
                        name="camera_once_at_place",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="camera_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(("facing", None), ("facing__lt", 360), _connector="OR"),
                        name="camera_facing_degrees",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("angle", None), models.Q(("angle__gte", 1), ("angle__lte", 360)), _connector="OR"
                        ),
                        name="camera_angle_degrees",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reach_m", None), models.Q(("reach_m__gte", 1), ("reach_m__lte", 500)), _connector="OR"
                        ),
                        name="camera_reach_m",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days_kept", None),
                            models.Q(("days_kept__gte", 1), ("days_kept__lte", 3650)),
                            _connector="OR",
                        ),
                        name="camera_days_kept",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("facing", None), _negated=True),
                            models.Q(("angle", None), ("reach_m", None)),
                            _connector="OR",
                        ),
                        name="camera_sector_has_direction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("snapshot", ""), ("snapshot_at", None)),
                            models.Q(
                                models.Q(("snapshot", ""), _negated=True),
                                models.Q(("snapshot_at", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="camera_snapshot_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCamera",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("kind", models.CharField(blank=True, max_length=80, verbose_name="kind of camera")),
                ("make", models.CharField(blank=True, max_length=80, verbose_name="make")),
                ("model", models.CharField(blank=True, max_length=80, verbose_name="model")),
                ("covers", models.CharField(blank=True, max_length=200, verbose_name="what it covers")),
                ("facing", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="where it faces")),
                ("angle", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="how wide it sees")),
                ("reach_m", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="how far it sees")),
                (
                    "days_kept",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days that it keeps footage"),
                ),
                ("snapshot_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("paused_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("removed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.premises",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical camera",
                "verbose_name_plural": "historical cameras",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="RetentionCategory",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("name_es", models.CharField(blank=True, max_length=80, verbose_name="name in Spanish")),
                ("days", models.PositiveIntegerField(verbose_name="days")),
                ("floor_days", models.PositiveIntegerField(verbose_name="never fewer days than")),
                ("is_standard", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "verbose_name_plural": "retention categories",
                "ordering": ["days", "name"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="retention_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days__gte", models.F("floor_days")), ("days__lte", 36525), ("floor_days__gt", 0)
                        ),
                        name="retention_days_range",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_standard", True)),
                        fields=("is_standard",),
                        name="retention_one_standard",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentType",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("name_es", models.CharField(blank=True, max_length=80, verbose_name="name in Spanish")),
                ("emergency", models.BooleanField(default=False, verbose_name="emergency")),
                ("declares", models.BooleanField(default=False, verbose_name="critical by itself")),
                (
                    "retention",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_types",
                        to="registry.retentioncategory",
                    ),
                ),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalIncidentType",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("code", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("name_es", models.CharField(blank=True, max_length=80, verbose_name="name in Spanish")),
                ("emergency", models.BooleanField(default=False, verbose_name="emergency")),
                ("declares", models.BooleanField(default=False, verbose_name="critical by itself")),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "retention",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.retentioncategory",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical incident type",
                "verbose_name_plural": "historical incident types",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="NumberFormat",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("pattern", models.CharField(default="YYYY-NNNNNN", max_length=40, verbose_name="format")),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="number_format_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("pattern", ""), _negated=True), name="number_format_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalNumberFormat",
            fields=[
                ("id", models.PositiveSmallIntegerField(db_index=True, default=1, editable=False)),
                ("pattern", models.CharField(default="YYYY-NNNNNN", max_length=40, verbose_name="format")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical number format",
                "verbose_name_plural": "historical number formats",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="DispatchKey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "source",
                    models.CharField(
                        max_length=40,
                        validators=[django.core.validators.RegexValidator("^[a-z0-9][a-z0-9._-]{1,39}$")],
                        verbose_name="dispatch system",
                    ),
                ),
                (
                    "key_id",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^[a-z0-9][a-z0-9._-]{1,39}$")],
                        verbose_name="id of the key",
                    ),
                ),
                ("public_key", models.CharField(max_length=64, unique=True)),
                ("slot", models.PositiveSmallIntegerField()),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                ("approved_at", models.DateTimeField(blank=True, editable=False, null=True)),
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
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("slot__in", (1, 2))), name="dispatch_key_slot"),
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)),
                        fields=("source", "slot"),
                        name="dispatch_key_two_at_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="dispatch_key_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="dispatch_key_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retired_at__isnull", True), ("retired_by__isnull", True)),
                            models.Q(("retired_at__isnull", False), ("retired_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="dispatch_key_retired_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DispatchDelivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="registry.dispatchkey",
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                ("delivery", models.CharField(max_length=64)),
                ("way", models.CharField(choices=[("https", "by itself"), ("file", "as a file")], max_length=5)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("taken", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["-received_at"], name="dispatch_delivery_latest")],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "delivery"), name="dispatch_delivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["https", "file"])), name="dispatch_delivery_way_in_list"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("uploaded_by__isnull", True), ("way", "https")),
                            models.Q(("uploaded_by__isnull", False), ("way", "file")),
                            _connector="OR",
                        ),
                        name="dispatch_file_has_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "latitude",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="longitude",
                    ),
                ),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("pinned", "placed on the map"),
                            ("rooftop", "found from the street address"),
                            ("area", "middle of the ZIP code area"),
                        ],
                        max_length=7,
                        verbose_name="precision",
                    ),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="incident number")),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="registry.incidenttype",
                    ),
                ),
                ("place", models.CharField(max_length=160, verbose_name="place")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="to")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed")], default="open", editable=False, max_length=10
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("person", "A person"), ("dispatch", "Dispatch")],
                        default="person",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opened_incidents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verified_incidents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("verified_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.dispatchdelivery",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("changed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closed_incidents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("lapsed_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-opened_at", "id"], name="incident_latest"),
                    models.Index(
                        condition=models.Q(
                            ("confirmed_at__isnull", True), ("state", "open"), ("verified_at__isnull", True)
                        ),
                        fields=["opened_at"],
                        name="incident_open_unverified",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("latitude__gte", -90), ("latitude__lte", 90)),
                        name="registry_incident_latitude_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("longitude__gte", -180), ("longitude__lte", 180)),
                        name="registry_incident_longitude_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("precision__in", ["pinned", "rooftop", "area"])),
                        name="registry_incident_precision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "closed"])), name="incident_state_in_list"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="incident_window"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                            models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="incident_verified_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verified_by__isnull", True),
                            ("opened_by__isnull", True),
                            models.Q(("verified_by", models.F("opened_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="incident_verified_by_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="incident_confirmed_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_by__isnull", False), ("source", "person")),
                            models.Q(("opened_by__isnull", True), ("source", "dispatch")),
                            _connector="OR",
                        ),
                        name="incident_opened_by_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("changed_at__isnull", True), ("changed_by__isnull", True)),
                            models.Q(("changed_at__isnull", False), ("changed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="incident_changed_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verified_by__isnull", True),
                            ("changed_by__isnull", True),
                            models.Q(("verified_by", models.F("changed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="incident_verified_by_no_changer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="incident_closed_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("lapsed_at__isnull", True), ("state", "open")),
                            models.Q(("closed_at__isnull", False), ("lapsed_at__isnull", True), ("state", "closed")),
                            models.Q(
                                ("closed_at__isnull", True),
                                ("confirmed_at__isnull", True),
                                ("lapsed_at__isnull", False),
                                ("state", "closed"),
                                ("verified_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="incident_closed_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalIncident",
            fields=[
                (
                    "latitude",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="longitude",
                    ),
                ),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("pinned", "placed on the map"),
                            ("rooftop", "found from the street address"),
                            ("area", "middle of the ZIP code area"),
                        ],
                        max_length=7,
                        verbose_name="precision",
                    ),
                ),
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("number", models.CharField(db_index=True, max_length=20, verbose_name="incident number")),
                ("place", models.CharField(max_length=160, verbose_name="place")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="to")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed")], default="open", editable=False, max_length=10
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("person", "A person"), ("dispatch", "Dispatch")],
                        default="person",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("verified_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("changed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("lapsed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "type",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.incidenttype",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.dispatchdelivery",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical incident",
                "verbose_name_plural": "historical incidents",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="registry.incident"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("assigned_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("incident", "user"), name="assignment_once")],
            },
        ),
        migrations.CreateModel(
            name="CanvassPurpose",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_es", models.CharField(max_length=120, verbose_name="name in Spanish")),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("name"), name="purpose_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("name_es", ""), _negated=True)
                        ),
                        name="purpose_has_names",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name__iregex", ASSEMBLY), _negated=True),
                            models.Q(("name_es__iregex", ASSEMBLY), _negated=True),
                        ),
                        name="purpose_is_no_assembly",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Canvass",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="canvasses", to="registry.incident"
                    ),
                ),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
                ("radius_m", models.FloatField(verbose_name="radius in meters")),
                ("corners", models.JSONField(blank=True, null=True, verbose_name="corners")),
                ("square_miles", models.FloatField(verbose_name="square miles")),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="canvasses",
                        to="registry.canvasspurpose",
                    ),
                ),
                ("beyond_limits", models.BooleanField(default=False, editable=False)),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="to")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Prepared"),
                            ("waiting", "Waiting for approval"),
                            ("approved", "Approved"),
                            ("denied", "Denied"),
                            ("sent", "Sent"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                            ("closed", "Closed"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="canvasses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_canvasses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("expired_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closed_canvasses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name_plural": "canvasses",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["created_at"], name="canvass_to_approve"
                    ),
                    models.Index(condition=models.Q(("state", "sent")), fields=["sent_at"], name="canvass_running"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "waiting", "approved", "denied", "sent", "withdrawn", "expired", "closed"],
                            )
                        ),
                        name="canvass_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__gt", models.F("starts_at")),
                            (
                                "ends_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_at"), "+", models.Value(dt.timedelta(days=2))
                                ),
                            ),
                        ),
                        name="canvass_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("square_miles__gt", 0), ("square_miles__lte", 2.0)),
                        name="canvass_below_ceiling",
                    ),
                    models.CheckConstraint(condition=models.Q(("radius_m__gt", 0)), name="canvass_radius_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("latitude__gte", -90), ("latitude__lte", 90)), name="canvass_latitude_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("longitude__gte", -180), ("longitude__lte", 180)),
                        name="canvass_longitude_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="canvass_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("sent_by__isnull", True)),
                            models.Q(("sent_at__isnull", False), ("sent_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="canvass_sent_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="canvass_closed_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="canvass_withdrawn_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True),
                                ("sent_at__isnull", True),
                                ("state__in", ("draft", "waiting", "approved", "denied")),
                            ),
                            models.Q(("closed_at__isnull", True), ("sent_at__isnull", False), ("state", "sent")),
                            models.Q(
                                ("sent_at__isnull", False), ("state", "withdrawn"), ("withdrawn_at__isnull", False)
                            ),
                            models.Q(("expired_at__isnull", False), ("sent_at__isnull", False), ("state", "expired")),
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            _connector="OR",
                        ),
                        name="canvass_state_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FootageRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.CharField(default=canvasses.request_number, editable=False, max_length=16, unique=True),
                ),
                (
                    "canvass",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="registry.canvass"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="registry.incident"
                    ),
                ),
                (
                    "registrant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="registry.registrant",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "Waiting for an answer"),
                            ("footage", "Footage given"),
                            ("none", "No footage"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                        ],
                        default="sent",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("expires_at", models.DateTimeField(editable=False)),
                ("replied_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("reminders", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("reminded_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "sent")), fields=["expires_at"], name="request_waiting")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("incident", "registrant"), name="request_once_for_incident"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["sent", "footage", "none", "declined", "withdrawn", "expired"])
                        ),
                        name="request_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("sent_at"))), name="request_expires_later"
                    ),
                    models.CheckConstraint(condition=models.Q(("version__gt", 0)), name="request_version_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reminded_at__isnull", True), ("reminders", 0)),
                            models.Q(("reminded_at__isnull", False), ("reminders__gt", 0), ("reminders__lte", 2)),
                            _connector="OR",
                        ),
                        name="request_reminders_have_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True), ("registrant__isnull", False), _connector="OR"
                        ),
                        name="request_waits_for_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replied_at__isnull", False), ("state__in", ["footage", "none", "declined"])),
                            models.Q(("replied_at__isnull", True), ("state__in", ["sent", "withdrawn", "expired"])),
                            _connector="OR",
                        ),
                        name="request_answer_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestCamera",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cameras",
                        to="registry.footagerequest",
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="registry.camera"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("request", "camera"), name="request_camera_once")],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "canvass",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="registry.canvass"
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("granted", models.BooleanField(editable=False, null=True)),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
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
                ("decided_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("voided_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("voided_at__isnull", True)), fields=("canvass",), name="approval_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="approval_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="approval_decided_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("granted__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("granted__isnull", False)),
                            _connector="OR",
                        ),
                        name="approval_decided_either_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="approval_by_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("granted", False), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="approval_denial_has_note",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "canvass",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="left_out", to="registry.canvass"
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.camera"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("contacted", "The owner was already spoken to"),
                            ("involved", "The owner may be involved"),
                            ("view", "The camera does not look at the place"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "left_out_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("left_out_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("canvass", "camera"), name="left_out_once"),
                    models.CheckConstraint(
                        condition=models.Q(("why__in", ["contacted", "involved", "view"])), name="left_out_why_in_list"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DispatchRecord",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dispatch", to="registry.incident"
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                ("external_id", models.CharField(max_length=64)),
                ("as_of", models.DateTimeField()),
                ("said", models.JSONField(default=dict)),
                ("differs_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "external_id"), name="dispatch_record_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                            models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="dispatch_record_settled_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_at__isnull", True), ("differs_at__isnull", False), _connector="OR"
                        ),
                        name="dispatch_record_settled_what_differs",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegistrationDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registration_draft",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("typed", models.JSONField(default=dict)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("touched_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("reminded_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("expires_at", models.DateTimeField(default=people_models.default_expires_at, editable=False)),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="registration_draft_expiry")],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length(
                                django.db.models.functions.comparison.Cast(models.F("typed"), models.TextField())
                            ),
                            100000,
                        ),
                        name="registration_draft_is_bounded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("touched_at"))),
                        name="registration_draft_expires_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountyAgency",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("county_fips", models.CharField(max_length=5, unique=True, verbose_name="county")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone number")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("url", models.URLField(blank=True, max_length=300, verbose_name="registry's address")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name_plural": "agencies by county",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("county_fips__regex", "^\\d{5}$")), name="county_agency_five_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="county_agency_has_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("url", ""), ("url__startswith", "https://"), _connector="OR"),
                        name="county_agency_url_is_https",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutreachLead",
            fields=[
                ("county_fips", models.CharField(max_length=5, verbose_name="county")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "reference",
                    models.CharField(
                        default=other_county_models.lead_number, editable=False, max_length=16, unique=True
                    ),
                ),
                (
                    "registrant",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="leads",
                        to="registry.registrant",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("contacted", "Agency contacted"),
                            ("answered", "Agency answered"),
                            ("joined", "Agency joined"),
                            ("declined", "Agency declined"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "delete_after",
                    models.DateTimeField(default=other_county_models.default_delete_after, editable=False),
                ),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True), fields=["county_fips"], name="lead_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("county_fips__regex", "^\\d{5}$")), name="lead_county_five_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "contacted", "answered", "joined", "declined", "closed"])
                        ),
                        name="lead_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("email", ""), ("name", "")),
                            models.Q(models.Q(("name", ""), _negated=True), models.Q(("email", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="lead_contact_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("email", ""), ("name", ""), ("state", "closed")),
                            models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="lead_closed_names_nobody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delete_after__gt", models.F("opened_at"))),
                        name="lead_deleted_after_opening",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutreachNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="registry.outreachlead"
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="note")),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["written_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="outreach_note_has_text"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="registry.footagerequest",
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("size", models.BigIntegerField()),
                ("received", models.BigIntegerField(default=0)),
                ("content_type", models.CharField(blank=True, max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("receiving", "Arriving"),
                            ("checking", "Being checked"),
                            ("received", "Received"),
                            ("refused", "Refused"),
                            ("removed", "Removed"),
                        ],
                        default="receiving",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("key", models.CharField(blank=True, max_length=200)),
                ("refusal", models.CharField(blank=True, max_length=300)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("touched_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "camera",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="uploads",
                        to="registry.camera",
                    ),
                ),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["receiving", "checking", "received", "refused", "removed"])),
                        name="upload_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0), ("size__lte", 60000000000)), name="upload_size_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("received__gte", 0), ("received__lte", models.F("size"))),
                        name="upload_received_up_to_size",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256", ""), ("sha256__regex", "^[0-9a-f]{64}$"), _connector="OR"),
                        name="upload_sha256_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "received"), _negated=True),
                            models.Q(
                                ("finished_at__isnull", False),
                                ("key", ""),
                                ("received", models.F("size")),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="upload_received_is_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True), fields=("key",), name="upload_key_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.CharField(default=footage.evidence_number, editable=False, max_length=16, unique=True),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="registry.footagerequest",
                    ),
                ),
                (
                    "upload",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="registry.upload"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("content_type", models.CharField(max_length=100)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("kept_until", models.DateTimeField()),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="registry.retentioncategory",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("kept", "Kept"), ("deleting", "Being deleted"), ("deleted", "Deleted")],
                        default="kept",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("announced_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("deleting_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name_plural": "evidence",
                "indexes": [
                    models.Index(condition=models.Q(("state", "kept")), fields=["kept_until"], name="evidence_kept"),
                    models.Index(
                        condition=models.Q(("state", "deleting")), fields=["deleting_at"], name="evidence_deleting"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="evidence_size_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="evidence_sha256_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept_until__gt", models.F("received_at"))),
                        name="evidence_kept_after_receipt",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["kept", "deleting", "deleted"])),
                        name="evidence_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deleted_at__isnull", True), ("deleting_at__isnull", True), ("state", "kept")),
                            models.Q(
                                ("deleted_at__isnull", True), ("deleting_at__isnull", False), ("state", "deleting")
                            ),
                            models.Q(
                                ("deleted_at__isnull", False),
                                ("deleting_at__isnull", False),
                                ("name", ""),
                                ("state", "deleted"),
                            ),
                            _connector="OR",
                        ),
                        name="evidence_state_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Giver",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="giver", to="registry.footagerequest"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("reference", models.CharField(max_length=16)),
                ("left_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="giver_has_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="RegistryExport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waiting for a second administrator"),
                            ("approved", "Being made"),
                            ("ready", "Ready"),
                            ("taken", "Taken"),
                            ("expired", "Expired"),
                            ("cancelled", "Canceled"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("key", models.CharField(blank=True, max_length=64)),
                ("cameras", models.PositiveIntegerField(default=0)),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
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
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "approved", "ready", "taken", "expired", "cancelled"])
                        ),
                        name="export_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="export_approved_has_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="export_takes_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at__isnull", False),
                            ("state__in", ["proposed", "cancelled", "expired"]),
                            _connector="OR",
                        ),
                        name="export_approved_before_made",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="registry.incident"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="registry.evidence",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("placed", "In force"), ("lifted", "Lifted")],
                        default="placed",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placed_holds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("placed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lifted_holds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("lifted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("lift_reason", models.CharField(blank=True, max_length=500, verbose_name="reason to lift it")),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "placed")), fields=["incident"], name="hold_in_force")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["placed", "lifted"])), name="hold_state_in_list"
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="hold_has_reason"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                            models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="hold_lifted_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lift_reason", ""), ("lifted_at__isnull", True), ("state", "placed")),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("state", "lifted"),
                                models.Q(("lift_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hold_state_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.CharField(default=import_models.import_number, editable=False, max_length=16, unique=True),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Read"),
                            ("checking", "Being checked"),
                            ("checked", "Checked"),
                            ("running", "Being imported"),
                            ("done", "Imported"),
                            ("failed", "Stopped"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("discarded", "Discarded"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=64)),
                ("header", models.JSONField(default=list)),
                ("columns", models.JSONField(blank=True, default=dict)),
                ("points", models.CharField(blank=True, max_length=7)),
                ("rows", models.PositiveIntegerField()),
                ("done_rows", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("invited", models.PositiveIntegerField(default=0)),
                ("there", models.PositiveIntegerField(default=0)),
                ("errors", models.PositiveIntegerField(default=0)),
                ("people", models.PositiveIntegerField(default=0)),
                ("cameras", models.PositiveIntegerField(default=0)),
                ("kept", models.PositiveIntegerField(default=0)),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("worked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("mailing_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "uploaded",
                                    "checking",
                                    "checked",
                                    "running",
                                    "done",
                                    "failed",
                                    "undoing",
                                    "undone",
                                    "discarded",
                                ],
                            )
                        ),
                        name="import_state_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("started_at__isnull", True), ("started_by__isnull", True)),
                            models.Q(("started_at__isnull", False), ("started_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="import_started_has_both",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")), fields=("state",), name="import_one_at_a_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportFault",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="faults", to="registry.importbatch"
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                ("field", models.CharField(blank=True, max_length=20)),
                ("problem", models.CharField(max_length=20)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Imported",
            fields=[
                (
                    "registrant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="imported",
                        serialize=False,
                        to="registry.registrant",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="registry.importbatch",
                    ),
                ),
                ("consent_on", models.DateField(verbose_name="day of consent")),
                ("consent_source", models.CharField(max_length=120, verbose_name="source of the consent")),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("consent_source", ""), _negated=True), name="imported_has_source"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportInvitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="registry.importbatch",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("street", models.CharField(max_length=120)),
                ("city", models.CharField(max_length=80)),
                ("state", models.CharField(max_length=2)),
                ("zip_code", models.CharField(max_length=10)),
                ("language", models.CharField(choices=[("en", "English"), ("es", "Español")], max_length=10)),
                ("imported_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ExternalKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80, unique=True)),
                (
                    "registrant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="external_keys",
                        to="registry.registrant",
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="external_keys",
                        to="registry.importinvitation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("invitation__isnull", True), ("registrant__isnull", False)),
                            models.Q(("invitation__isnull", False), ("registrant__isnull", True)),
                            _connector="OR",
                        ),
                        name="external_key_of_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StaysOut",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("since", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Limits",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("only", models.BooleanField(default=True, editable=False, unique=True)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "shortest_window_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        help_text="A canvass asks for no less: cameras' clocks differ.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="shortest stretch of time",
                    ),
                ),
                (
                    "longest_window_hours",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="A canvass asks for no more of anybody's day.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(24),
                        ],
                        verbose_name="longest stretch of time",
                    ),
                ),
                (
                    "smallest_area",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0.025"),
                        help_text="A smaller circle would single out one home.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.01")),
                            django.core.validators.MaxValueValidator(Decimal("0.1")),
                        ],
                        verbose_name="smallest search area",
                    ),
                ),
                (
                    "largest_area",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0.5"),
                        help_text="The most that a deputy searches without a supervisor.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.1")),
                            django.core.validators.MaxValueValidator(Decimal(1)),
                        ],
                        verbose_name="largest search area",
                    ),
                ),
                (
                    "reminders",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="How often an owner who has not answered is reminded of a request.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(2),
                        ],
                        verbose_name="reminders",
                    ),
                ),
                (
                    "first_reminder_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="Counted from the request.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(14),
                        ],
                        verbose_name="first reminder after",
                    ),
                ),
                (
                    "second_reminder_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="Counted from the request. It must come after the first one, and before the link ends.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(28),
                        ],
                        verbose_name="second reminder after",
                    ),
                ),
                (
                    "link_life_days",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="How long an owner can answer a request. Requests already sent keep their day.",
                        validators=[
                            django.core.validators.MinValueValidator(3),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="life of a link",
                    ),
                ),
                (
                    "files_per_reply",
                    models.PositiveSmallIntegerField(
                        default=25,
                        help_text="How many files an owner can give to one request.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="files in a reply",
                    ),
                ),
                (
                    "gigabytes_per_file",
                    models.PositiveSmallIntegerField(
                        default=60,
                        help_text="The largest file that is taken.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="size of a file",
                    ),
                ),
                (
                    "gigabytes_per_reply",
                    models.PositiveSmallIntegerField(
                        default=200,
                        help_text="All files of one request together.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="size of a reply",
                    ),
                ),
                (
                    "empty_phrases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        help_text="One a line. A reason made of these alone is refused. The portal's own list always counts as well.",
                        size=200,
                        verbose_name="phrases that say nothing",
                    ),
                ),
            ],
            options={
                "verbose_name": "limits",
                "verbose_name_plural": "limits",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", True)), name="registry_limits_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("shortest_window_minutes__gte", 5), ("shortest_window_minutes__lte", 60)),
                        name="limits_shortest_window_minutes_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("longest_window_hours__gte", 1), ("longest_window_hours__lte", 24)),
                        name="limits_longest_window_hours_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("smallest_area__gte", Decimal("0.01")), ("smallest_area__lte", Decimal("0.1"))
                        ),
                        name="limits_smallest_area_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("largest_area__gte", Decimal("0.1")), ("largest_area__lte", Decimal(1))),
                        name="limits_largest_area_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reminders__gte", 0), ("reminders__lte", 2)), name="limits_reminders_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_reminder_days__gte", 1), ("first_reminder_days__lte", 14)),
                        name="limits_first_reminder_days_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("second_reminder_days__gte", 2), ("second_reminder_days__lte", 28)),
                        name="limits_second_reminder_days_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("link_life_days__gte", 3), ("link_life_days__lte", 30)),
                        name="limits_link_life_days_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("files_per_reply__gte", 1), ("files_per_reply__lte", 100)),
                        name="limits_files_per_reply_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gigabytes_per_file__gte", 1), ("gigabytes_per_file__lte", 60)),
                        name="limits_gigabytes_per_file_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gigabytes_per_reply__gte", 1), ("gigabytes_per_reply__lte", 500)),
                        name="limits_gigabytes_per_reply_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_reminder_days__gt", models.F("first_reminder_days")),
                            ("link_life_days__gt", models.F("second_reminder_days")),
                        ),
                        name="limits_reminders_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gigabytes_per_reply__gte", models.F("gigabytes_per_file"))),
                        name="limits_reply_holds_a_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalLimits",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("only", models.BooleanField(db_index=True, default=True, editable=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "shortest_window_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        help_text="A canvass asks for no less: cameras' clocks differ.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="shortest stretch of time",
                    ),
                ),
                (
                    "longest_window_hours",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="A canvass asks for no more of anybody's day.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(24),
                        ],
                        verbose_name="longest stretch of time",
                    ),
                ),
                (
                    "smallest_area",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0.025"),
                        help_text="A smaller circle would single out one home.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.01")),
                            django.core.validators.MaxValueValidator(Decimal("0.1")),
                        ],
                        verbose_name="smallest search area",
                    ),
                ),
                (
                    "largest_area",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0.5"),
                        help_text="The most that a deputy searches without a supervisor.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.1")),
                            django.core.validators.MaxValueValidator(Decimal(1)),
                        ],
                        verbose_name="largest search area",
                    ),
                ),
                (
                    "reminders",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="How often an owner who has not answered is reminded of a request.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(2),
                        ],
                        verbose_name="reminders",
                    ),
                ),
                (
                    "first_reminder_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="Counted from the request.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(14),
                        ],
                        verbose_name="first reminder after",
                    ),
                ),
                (
                    "second_reminder_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="Counted from the request. It must come after the first one, and before the link ends.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(28),
                        ],
                        verbose_name="second reminder after",
                    ),
                ),
                (
                    "link_life_days",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="How long an owner can answer a request. Requests already sent keep their day.",
                        validators=[
                            django.core.validators.MinValueValidator(3),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="life of a link",
                    ),
                ),
                (
                    "files_per_reply",
                    models.PositiveSmallIntegerField(
                        default=25,
                        help_text="How many files an owner can give to one request.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="files in a reply",
                    ),
                ),
                (
                    "gigabytes_per_file",
                    models.PositiveSmallIntegerField(
                        default=60,
                        help_text="The largest file that is taken.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="size of a file",
                    ),
                ),
                (
                    "gigabytes_per_reply",
                    models.PositiveSmallIntegerField(
                        default=200,
                        help_text="All files of one request together.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="size of a reply",
                    ),
                ),
                (
                    "empty_phrases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        help_text="One a line. A reason made of these alone is refused. The portal's own list always counts as well.",
                        size=200,
                        verbose_name="phrases that say nothing",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical limits",
                "verbose_name_plural": "historical limits",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="LookDelay",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "registrant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="look_delays",
                        to="registry.registrant",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="look_delays", to="registry.incident"
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="look_delays", to="registry.camera"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("starts_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ends_at", models.DateTimeField()),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("registrant", "incident", "number"), name="look_delay_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1), ("number__lte", 2)), name="look_delay_first_or_renewal"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="look_delay_ends_later"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ends_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_at"), "+", models.Value(dt.timedelta(days=30))
                                ),
                            )
                        ),
                        name="look_delay_at_most_30_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="look_delay_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="look_delay_ended_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeSettings",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "registrant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="registry.registrant"
                    ),
                ),
                (
                    "searches",
                    models.CharField(
                        choices=[
                            ("each", "Each time, within half an hour"),
                            ("daily", "Once a day, when there is something"),
                            ("weekly", "Once a week, when there is something"),
                            ("none", "Never: I look at the list myself"),
                        ],
                        default="weekly",
                        max_length=10,
                    ),
                ),
                (
                    "footage",
                    models.CharField(
                        choices=[
                            ("each", "Each time, within half an hour"),
                            ("daily", "Once a day, when there is something"),
                            ("weekly", "Once a week, when there is something"),
                            ("none", "Never: I look at the list myself"),
                        ],
                        default="each",
                        max_length=10,
                    ),
                ),
                ("searches_told_until", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("footage_told_until", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name_plural": "notice settings",
                "indexes": [
                    models.Index(fields=["searches", "searches_told_until"], name="notices_searches_due"),
                    models.Index(fields=["footage", "footage_told_until"], name="notices_footage_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("searches__in", ["each", "daily", "weekly", "none"])),
                        name="notices_searches_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("footage__in", ["each", "daily", "weekly", "none"])),
                        name="notices_footage_in_list",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LooksRead",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(default="looks", editable=False, max_length=10, unique=True)),
                ("last_entry", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", "looks")), name="looks_read_is_one_row")
                ],
            },
        ),
    ]
