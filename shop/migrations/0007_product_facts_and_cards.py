"""What buyers ask about a product, in both languages; and by which card was paid: its brand and last four digits."""

from django.conf import settings
from django.db import migrations, models

from fusus_portal.ground.database.guards import trigger

KEEPS_CARD = trigger(
    "shop_payment_keeps_card", "BEFORE UPDATE ON shop_payment", "shop_keeps('card_brand', 'card_last4')"
)


class Migration(migrations.Migration):
    dependencies = [
        ("integration", "0004_further_reasons"),
        ("registry", "0006_unverified_bounds"),
        ("shop", "0006_one_person_alone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="cardonfile",
            name="card_brand",
            field=models.CharField(blank=True, editable=False, max_length=20),
        ),
        migrations.AddField(
            model_name="cardonfile",
            name="card_last4",
            field=models.CharField(blank=True, editable=False, max_length=4),
        ),
        migrations.AddField(
            model_name="payment",
            name="card_brand",
            field=models.CharField(blank=True, editable=False, max_length=20),
        ),
        migrations.AddField(
            model_name="payment",
            name="card_last4",
            field=models.CharField(blank=True, editable=False, max_length=4),
        ),
        migrations.AddField(
            model_name="product",
            name="box",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="product",
            name="box_es",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="product",
            name="delivery",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="product",
            name="delivery_es",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="product",
            name="network",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="product",
            name="network_es",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="product",
            name="power",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="product",
            name="power_es",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="product",
            name="warranty",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="product",
            name="warranty_es",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="product",
            name="works_with",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="product",
            name="works_with_es",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddConstraint(
            model_name="cardonfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("card_brand", ""), ("card_last4", "")),
                    models.Q(models.Q(("card_brand", ""), _negated=True), ("card_last4__regex", "^[0-9]{4}$")),
                    _connector="OR",
                ),
                name="card_on_file_card",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("card_brand", ""), ("card_last4", "")),
                        models.Q(models.Q(("card_brand", ""), _negated=True), ("card_last4__regex", "^[0-9]{4}$")),
                        _connector="OR",
                    ),
                    models.Q(("method", "card"), ("card_last4", ""), _connector="OR"),
                ),
                name="payment_card",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("box", ""), ("box_es", "")),
                    models.Q(models.Q(("box", ""), _negated=True), models.Q(("box_es", ""), _negated=True)),
                    _connector="OR",
                ),
                name="product_box_in_both_languages",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("power", ""), ("power_es", "")),
                    models.Q(models.Q(("power", ""), _negated=True), models.Q(("power_es", ""), _negated=True)),
                    _connector="OR",
                ),
                name="product_power_in_both_languages",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("network", ""), ("network_es", "")),
                    models.Q(models.Q(("network", ""), _negated=True), models.Q(("network_es", ""), _negated=True)),
                    _connector="OR",
                ),
                name="product_network_in_both_languages",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("works_with", ""), ("works_with_es", "")),
                    models.Q(
                        models.Q(("works_with", ""), _negated=True), models.Q(("works_with_es", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="product_works_with_in_both_languages",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivery", ""), ("delivery_es", "")),
                    models.Q(models.Q(("delivery", ""), _negated=True), models.Q(("delivery_es", ""), _negated=True)),
                    _connector="OR",
                ),
                name="product_delivery_in_both_languages",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("warranty", ""), ("warranty_es", "")),
                    models.Q(models.Q(("warranty", ""), _negated=True), models.Q(("warranty_es", ""), _negated=True)),
                    _connector="OR",
                ),
                name="product_warranty_in_both_languages",
            ),
        ),
        migrations.RunSQL(KEEPS_CARD),
    ]
