"""Places are confirmed: by a letter, a deputy at the door, a card, a CORE, or an import."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Where the file of a batch is. The application may add a place and never read one: the function tells it, for a ticket
# that was given for the committed entry of opening this batch, and not once the file is deleted.
FILES = """
CREATE TABLE registry_letter_file (
  batch uuid PRIMARY KEY REFERENCES registry_letterbatch (id),
  storage_key text NOT NULL UNIQUE CHECK (storage_key <> '')
);
REVOKE ALL ON registry_letter_file FROM portal_app;
GRANT INSERT ON registry_letter_file TO portal_app;

CREATE FUNCTION registry_letter_file_of(token text, actor_kind text, actor_id text, wanted_sign_in text,
                                        wanted_batch uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  place text;
BEGIN
  IF public.audit_ticket_is_good(token, 'registry:letters:open', actor_kind, actor_id, wanted_sign_in,
                                 'letter_batch', wanted_batch::text) THEN
    SELECT f.storage_key INTO place FROM public.registry_letter_file f
      JOIN public.registry_letterbatch b ON b.id = f.batch AND b.deleted_at IS NULL
      WHERE f.batch = wanted_batch;
  END IF;
  IF place IS NULL THEN
    RAISE EXCEPTION 'no letters without a ticket for opening them' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN place;
END $$;
REVOKE ALL ON FUNCTION registry_letter_file_of(text, text, text, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_letter_file_of(text, text, text, text, uuid) TO portal_app;
"""

# A batch is opened once, and its file is deleted for good.
ONCE = """
CREATE FUNCTION registry_batch_opened_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'a batch of letters is opened once, and not after its file is deleted'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER registry_batch_opened_once BEFORE UPDATE ON registry_letterbatch FOR EACH ROW
  WHEN (OLD.opened_at IS DISTINCT FROM NEW.opened_at AND (OLD.opened_at IS NOT NULL OR OLD.deleted_at IS NOT NULL)
        OR OLD.deleted_at IS NOT NULL AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
  EXECUTE FUNCTION registry_batch_opened_once();
"""

# Places of before: one that is still as its import brought it is confirmed by that, every other is not yet confirmed.
EARLIER = """
UPDATE registry_canvass SET searched_at = created_at;
INSERT INTO registry_confirmation (id, premises_id, way, latitude, longitude, precision, confirmed_at)
  SELECT gen_random_uuid(), p.id, 'import', p.latitude, p.longitude, p.precision, p.added_at
  FROM registry_premises p
  JOIN registry_imported i ON i.registrant_id = p.registrant_id
  JOIN registry_importbatch b ON b.id = i.batch_id
  WHERE p.removed_at IS NULL AND p.moved_at IS NULL
    AND greatest(p.added_at, p.placed_at) <= coalesce(b.ended_at, b.worked_at);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0007_listed_addresses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="canvass",
            name="searched_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="historicallimits",
            name="leaves_out_unconfirmed",
            field=models.BooleanField(
                default=False,
                help_text="A canvass finds only places that were confirmed by a letter, a deputy at the door, a card payment, a CORE or the office's former registry. Without this it finds the others too, and says so.",
                verbose_name="leave out places that are not yet confirmed",
            ),
        ),
        migrations.AddField(
            model_name="limits",
            name="leaves_out_unconfirmed",
            field=models.BooleanField(
                default=False,
                help_text="A canvass finds only places that were confirmed by a letter, a deputy at the door, a card payment, a CORE or the office's former registry. Without this it finds the others too, and says so.",
                verbose_name="leave out places that are not yet confirmed",
            ),
        ),
        migrations.CreateModel(
            name="LetterBatch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("size", models.PositiveSmallIntegerField(editable=False)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("opened_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "letter batches",
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting to be printed"),
                            ("printed", "On its way"),
                            ("used", "Its code was typed"),
                            ("ended", "No longer good"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=7,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("printed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("salt", models.BinaryField(max_length=16, null=True)),
                ("digest", models.BinaryField(max_length=32, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="letters", to="registry.premises"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="registry.letterbatch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
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
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("letter", "a letter with a code"),
                            ("door", "a deputy at the door"),
                            ("card", "a card payment with this address"),
                            ("core", "a CORE that works there"),
                            ("import", "the office's former registry"),
                        ],
                        max_length=6,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmations",
                        to="registry.premises",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("latitude__gte", -90), ("latitude__lte", 90)),
                        name="registry_confirmation_latitude_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("longitude__gte", -180), ("longitude__lte", 180)),
                        name="registry_confirmation_longitude_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("precision__in", ["pinned", "rooftop", "area"])),
                        name="registry_confirmation_precision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["letter", "door", "card", "core", "import"])),
                        name="confirmation_way_in_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("confirmed_at")), _connector="OR"
                        ),
                        name="confirmation_ends_later",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("premises",), name="confirmation_one_in_force"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="letterbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opened_at__isnull", True), ("opened_by__isnull", True)),
                    models.Q(("opened_at__isnull", False), ("opened_by__isnull", False)),
                    _connector="OR",
                ),
                name="letter_batch_opened_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("deleted_at", None), ("deleted_at__gte", models.F("made_at")), _connector="OR"),
                name="letter_batch_deleted_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterbatch",
            constraint=models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="letter_batch_size"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["asked_at"], name="letter_waiting"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "printed", "used", "ended"])), name="letter_state_in_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("batch__isnull", True),
                        ("digest__isnull", True),
                        ("printed_at__isnull", True),
                        ("salt__isnull", True),
                    ),
                    models.Q(
                        ("batch__isnull", False),
                        ("digest__isnull", False),
                        ("printed_at__isnull", False),
                        ("salt__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="letter_printed_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("batch__isnull", True), ("state", "waiting")),
                    models.Q(("batch__isnull", False), ("state__in", ["printed", "used"])),
                    ("state", "ended"),
                    _connector="OR",
                ),
                name="letter_state_has_batch",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(condition=models.Q(("tries__lte", 5)), name="letter_tries_range"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "printed"))),
                fields=("premises",),
                name="letter_one_for_place",
            ),
        ),
        *(migrations.RunSQL(part) for part in (FILES, ONCE, EARLIER)),
    ]
