"""A card is kept by a tick that says what it pays, and pays nothing else.

A card that was on file before pays what it paid: the later years of all that its business had bought.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from fusus_portal.ground.database.guards import function, trigger

GUARD = "".join(
    [
        function(
            "shop_card_is_kept_for_it",
            """
BEGIN
  PERFORM 1 FROM public.shop_carduse u
    JOIN public.shop_cardonfile c ON c.id = u.card_id
    JOIN public.shop_order o ON o.id = NEW.order_id
    JOIN public.shop_subscription s ON s.id = o.renews_id
    JOIN public.shop_orderline l ON l.id = s.line_id
    WHERE u.order_id = l.order_id AND c.method = NEW.card AND c.customer = NEW.customer;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a card is charged for what it is kept for, and for nothing else' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger(
            "shop_card_is_kept_for_it",
            "BEFORE INSERT ON shop_paymentattempt",
            "shop_card_is_kept_for_it()",
            only_if="NEW.card <> ''",
        ),
        trigger("shop_attempt_keeps_tick", "BEFORE UPDATE ON shop_paymentattempt", "shop_keeps('keeps')"),
        trigger("shop_carduse_keeps_order", "BEFORE UPDATE ON shop_carduse", "shop_keeps('card_id', 'order_id')"),
    ]
)

KEPT_BEFORE = """
INSERT INTO shop_carduse (card_id, order_id, said, said_at)
SELECT c.id, o.id, COALESCE(NULLIF(o.consent, ''), 'Kept before that was ticked.'), c.saved_at
FROM shop_cardonfile c JOIN shop_order o ON o.registrant_id = c.registrant_id
WHERE o.renews_id IS NULL AND o.bought_at IS NOT NULL AND o.state <> 'cancelled'
  AND EXISTS (SELECT 1 FROM shop_orderline l WHERE l.order_id = o.id AND l.yearly_fee > 0)
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0008_plain_labels")]

    operations = [
        migrations.AddField(
            model_name="cardonfile",
            name="brought_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="shop.order",
            ),
        ),
        migrations.AddField(
            model_name="paymentattempt", name="keeps", field=models.TextField(blank=True, editable=False)
        ),
        migrations.CreateModel(
            name="CardUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said", models.TextField()),
                ("said_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uses", to="shop.cardonfile"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="card_uses", to="shop.order"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("card", "order"), name="card_use_once"),
                    models.CheckConstraint(condition=models.Q(("said", ""), _negated=True), name="card_use_said"),
                ],
            },
        ),
        migrations.RunSQL(KEPT_BEFORE),
        migrations.RunSQL(GUARD),
    ]
