"""An order of services alone is completed from where it is bought. One with goods is still completed by its parcels.

A function and a trigger are replaced, not dropped, so orders are read meanwhile, and writers wait for a moment alone.
"""

from django.db import migrations

from fusus_portal.ground.database.guards import REFUSED

BOUGHT = """
CREATE OR REPLACE FUNCTION shop_order_is_bought() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
{services}  IF (NEW.renews_id IS NOT NULL) <> (NEW.state = 'completed') THEN
    RAISE EXCEPTION 'a year is completed when it is bought, and goods are sent first' REFUSED;
  END IF;
  IF NEW.state = 'paid' OR OLD.state = 'awaiting_payment' THEN
    PERFORM 1 FROM (SELECT sum(p.captured - p.held) AS kept FROM public.shop_payment p WHERE p.order_id = NEW.id) s
      WHERE s.kept >= NEW.total;
  ELSE
    PERFORM 1 FROM public.shop_purchaseorder p
      WHERE p.order_id = NEW.id AND p.approved_at IS NOT NULL AND p.total = NEW.total;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an order is bought by money, or by an approved purchase order' REFUSED;
  END IF;
  RETURN NEW;
END
$$;
"""
"""The function as in 0002_guard. services: what comes before it."""

SERVICES = """  IF NEW.state = 'completed' AND OLD.state IN ('paid', 'on_account') THEN
    PERFORM 1 FROM public.shop_orderline l WHERE l.order_id = NEW.id AND l.kind <> 'service';
    IF FOUND THEN
      RAISE EXCEPTION 'an order with goods is completed by its parcels' REFUSED;
    END IF;
    RETURN NEW;
  END IF;
"""
"""It was bought before, so only its lines count: what went back of its money since then changes nothing."""

STEPS = [
    ">draft",
    "draft>awaiting_payment",
    "draft>awaiting_approval",
    "draft>on_account",
    "awaiting_payment>paid",
    "awaiting_payment>completed",
    "awaiting_payment>expired",
    "awaiting_payment>cancelled",
    "expired>paid",
    "awaiting_approval>on_account",
    "awaiting_approval>completed",
    "awaiting_approval>cancelled",
    "paid>cancelled",
    "on_account>cancelled",
    "paid>partly_shipped",
    "paid>shipped",
    "on_account>partly_shipped",
    "on_account>shipped",
    "partly_shipped>shipped",
    "shipped>partly_shipped",
    "shipped>completed",
]
"""As in 0002_guard."""

DONE = ["paid>completed", "on_account>completed"]


def bought(services: str) -> str:
    """Return the SQL of the function that orders are bought by."""
    return BOUGHT.format(services=services).replace("REFUSED", REFUSED)


def steps(taken: list[str]) -> str:
    """Return the SQL that allows orders only these steps."""
    arguments = ", ".join(f"'{step}'" for step in sorted(taken))
    return (
        "CREATE OR REPLACE TRIGGER shop_order_steps BEFORE INSERT OR UPDATE OF state ON shop_order "
        f"FOR EACH ROW EXECUTE FUNCTION shop_step({arguments});"
    )


class Migration(migrations.Migration):
    dependencies = [("shop", "0010_plain_words")]
    operations = [
        migrations.RunSQL(bought(SERVICES), bought("")),
        migrations.RunSQL(steps([*STEPS, *DONE]), steps(STEPS)),
    ]
