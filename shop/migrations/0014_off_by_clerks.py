"""A clerk takes unpaid cents of lines off an invoice. As in 0012, 0015 reads the constraint."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("shop", "0013_refunded_pieces_kept"),
    ]
    operations = [
        migrations.AddField(
            model_name="creditnote",
            name="clerk",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="creditnote", name="alone", field=models.BigIntegerField(db_default=0, default=0, editable=False)
        ),
        AddConstraintNotValid(
            model_name="creditnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("alone", 0), ("clerk__isnull", True)),
                    models.Q(
                        ("alone__gte", 0),
                        ("alone__lte", models.F("total")),
                        ("clerk__isnull", False),
                        ("refund__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="credit_note_by_clerk",
            ),
        ),
        migrations.CreateModel(
            name="CreditLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cents", models.BigIntegerField()),
                ("pieces", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="credits", to="shop.orderline"
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="shop.creditnote"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("cents__gt", 0)), name="credit_line_above_zero"),
                    models.UniqueConstraint(fields=("note", "line"), name="credit_line_once"),
                ],
            },
        ),
    ]
