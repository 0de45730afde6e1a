"""Labels as people say them. No table changes."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models

CONTACT_WAYS = [
    ("email", "By e-mail only"),
    ("call", "By e-mail, and a deputy may call me about footage that I gave"),
]


def altered(model: str, name: str, field: models.Field) -> list[migrations.AlterField]:
    """Return the change of a column, and of the same column in the history."""
    return [migrations.AlterField(each, name, field.clone()) for each in (model, f"historical{model}")]


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_given_files")]

    operations = [
        *altered(
            "registrant",
            "contact_way",
            models.CharField("how to contact them", choices=CONTACT_WAYS, default="email", max_length=10),
        ),
        *altered("incidenttype", "declares", models.BooleanField("critical at once", default=False)),
        *altered(
            "limits",
            "shortest_window_minutes",
            models.PositiveSmallIntegerField(
                "shortest time span",
                default=15,
                help_text="A canvass asks for no less: cameras' clocks differ.",
                validators=[MinValueValidator(5), MaxValueValidator(60)],
            ),
        ),
        *altered(
            "limits",
            "longest_window_hours",
            models.PositiveSmallIntegerField(
                "longest time span",
                default=12,
                help_text="A canvass asks for no more of anybody's day.",
                validators=[MinValueValidator(1), MaxValueValidator(24)],
            ),
        ),
        *altered(
            "limits",
            "link_life_days",
            models.PositiveSmallIntegerField(
                "time to answer",
                default=10,
                help_text="How long an owner can answer a request. Requests already sent keep their day.",
                validators=[MinValueValidator(3), MaxValueValidator(30)],
            ),
        ),
        *altered(
            "limits",
            "empty_phrases",
            ArrayField(
                models.CharField(max_length=60),
                verbose_name="phrases that are not a reason",
                blank=True,
                default=list,
                help_text=(
                    "One a line. A reason made of these alone is refused. The portal's own list always counts as well."
                ),
                size=200,
            ),
        ),
        migrations.AlterField("retentioncategory", "floor_days", models.PositiveIntegerField("fewest days")),
        migrations.AlterField(
            "dispatchdelivery",
            "way",
            models.CharField(choices=[("https", "automatically"), ("file", "as a file")], max_length=5),
        ),
    ]
