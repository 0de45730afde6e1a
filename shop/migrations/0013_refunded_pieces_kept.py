"""What is refunded neither ships nor is reserved, also once a refund has failed; services are done without it.

What is packed stays reserved until it is unpacked, also if it is refunded or its order is canceled: it is not in stock.

Functions and triggers are replaced, not dropped, so orders are read meanwhile, and writers wait for a moment alone.
What was refunded and packed before follows in 0018, without these locks.
"""

from importlib import import_module

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

from fusus_portal.ground.database.guards import checked_at_commit, counted, function, trigger

before = import_module("shop.migrations.0011_services_done")

SERVICES = before.SERVICES.replace("l.kind <> 'service'", "l.kind <> 'service' AND l.refunded < l.quantity")
"""Goods that are refunded do not keep the services of their order from being done."""

ARRIVED = """  IF NEW.state = 'completed' AND OLD.state = 'partly_shipped' THEN
    PERFORM 1 FROM public.shop_orderline l WHERE l.order_id = NEW.id AND l.kind <> 'service'
      AND l.quantity - l.refunded > coalesce((
        SELECT sum(i.quantity) FROM public.shop_shipmentitem i JOIN public.shop_shipment p ON p.id = i.shipment_id
          WHERE i.line_id = l.id AND i.void_at IS NULL AND p.state = 'delivered'), 0);
    IF FOUND THEN
      RAISE EXCEPTION 'what is not refunded arrives before its order is completed' REFUSED;
    END IF;
    RETURN NEW;
  END IF;
"""

DONE_BEFORE = """
ALTER TABLE shop_orderline DISABLE TRIGGER shop_line_of_draft;
ALTER TABLE shop_refundline DISABLE TRIGGER shop_refundline_never_update;
UPDATE shop_refundline p SET pieces = l.quantity
  FROM shop_orderline l
  WHERE l.id = p.line_id AND l.held >= l.total AND p.id = (
    SELECT max(x.id) FROM shop_refundline x JOIN shop_refund r ON r.id = x.refund_id
    WHERE x.line_id = l.id AND r.source = 'staff' AND r.state IN ('requested', 'submitted', 'pending', 'succeeded'));
UPDATE shop_orderline l SET refunded = l.quantity
  WHERE EXISTS (SELECT 1 FROM shop_refundline p WHERE p.line_id = l.id AND p.pieces > 0);
ALTER TABLE shop_orderline ENABLE TRIGGER shop_line_of_draft;
ALTER TABLE shop_refundline ENABLE TRIGGER shop_refundline_never_update;
"""
"""Until now a line did not ship once refunds held all its money. That stays so: the last of them holds its pieces."""

COUNTS = counted("shop_orderline", "held", "refunded").replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER")


def replaced(name: str, body: str) -> str:
    """Return the SQL of a trigger's function that takes the place of another."""
    return function(name, body).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


# A refund that fails frees its cents, but not its goods: only a person decides that these ship after all.
HOLDS = replaced(
    "shop_refund_holds",
    """
DECLARE
  live text[] := ARRAY['requested', 'submitted', 'pending', 'succeeded'];
  change integer := CASE WHEN NEW.state = ANY (live) THEN 1 ELSE 0 END;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    change := change - CASE WHEN OLD.state = ANY (live) THEN 1 ELSE 0 END;
    IF NEW.state = 'cancelled' AND OLD.state = 'failed' THEN
      PERFORM 1 FROM public.shop_refundline r JOIN public.shop_orderline l ON l.id = r.line_id
        WHERE r.refund_id = NEW.id AND l.total - l.held < r.cents;
      IF FOUND THEN
        RAISE EXCEPTION 'a refund that was made again holds its goods' REFUSED;
      END IF;
    END IF;
    IF NEW.state = 'cancelled' AND OLD.state IN ('requested', 'failed') THEN
      UPDATE public.shop_orderline l SET refunded = l.refunded - r.pieces
        FROM public.shop_refundline r WHERE r.refund_id = NEW.id AND l.id = r.line_id AND r.pieces > 0;
    END IF;
  END IF;
  IF change <> 0 THEN
    UPDATE public.shop_payment SET held = held + change * NEW.cents WHERE id = NEW.payment_id;
    UPDATE public.shop_orderline l SET held = l.held + change * r.cents
      FROM public.shop_refundline r WHERE r.refund_id = NEW.id AND l.id = r.line_id;
  END IF;
  RETURN NULL;
END""",
) + replaced(
    "shop_refund_line_holds",
    """
BEGIN
  PERFORM 1 FROM public.shop_refund r
    JOIN public.shop_payment p ON p.id = r.payment_id
    JOIN public.shop_orderline l ON l.id = NEW.line_id AND l.order_id = p.order_id
    WHERE r.id = NEW.refund_id AND r.state IN ('requested', 'pending', 'succeeded')
      AND r.cents >= (SELECT sum(x.cents) FROM public.shop_refundline x WHERE x.refund_id = r.id);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a refund is shared over lines of its own order, and no more than it is' REFUSED;
  END IF;
  PERFORM 1 FROM public.shop_refund n
    JOIN public.shop_refundline w ON w.line_id = NEW.line_id
    JOIN public.shop_refund f ON f.id = w.refund_id AND f.state = 'failed'
    JOIN public.shop_payment p ON p.id = f.payment_id
    JOIN public.shop_order o ON o.id = p.order_id
    WHERE n.id = NEW.refund_id AND n.source = 'staff'
      AND o.state IN ('paid', 'on_account', 'partly_shipped', 'shipped', 'completed')
      AND EXISTS (SELECT 1 FROM public.shop_refundline x WHERE x.refund_id = f.id AND x.pieces > 0)
      AND NOT EXISTS (SELECT 1 FROM public.shop_refundline x JOIN public.shop_orderline l ON l.id = x.line_id
                      WHERE x.refund_id = f.id AND l.total - l.held < x.cents);
  IF FOUND THEN
    RAISE EXCEPTION 'a refund that failed ends before its lines are refunded again' REFUSED;
  END IF;
  UPDATE public.shop_orderline SET held = held + NEW.cents WHERE id = NEW.line_id;
  IF NEW.pieces > 0 THEN
    UPDATE public.shop_orderline SET refunded = refunded + NEW.pieces WHERE id = NEW.line_id;
  END IF;
  RETURN NULL;
END""",
)

SENT = replaced(
    "shop_item_is_owed",
    """
DECLARE
  owed integer;
BEGIN
  PERFORM 1 FROM public.shop_shipment s WHERE s.id = NEW.shipment_id AND s.state = 'packing';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'something is put only into a parcel that is being packed' REFUSED;
  END IF;
  SELECT l.quantity - l.refunded INTO owed FROM public.shop_orderline l
    JOIN public.shop_shipment s ON s.id = NEW.shipment_id AND s.order_id = l.order_id
    WHERE l.id = NEW.line_id FOR NO KEY UPDATE OF l;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a parcel holds what its own order is about' REFUSED;
  END IF;
  IF owed < (SELECT sum(i.quantity) FROM public.shop_shipmentitem i
             WHERE i.line_id = NEW.line_id AND i.void_at IS NULL) THEN
    RAISE EXCEPTION 'no more is sent than was ordered and is not refunded' REFUSED;
  END IF;
  RETURN NULL;
END""",
)

# The lines are locked while they are counted, so that a refund of the same second waits.
HANDED_OVER = function(
    "shop_parcel_is_owed",
    """
DECLARE
  line public.shop_orderline;
BEGIN
  FOR line IN
    SELECT l.* FROM public.shop_orderline l
      WHERE l.id IN (SELECT i.line_id FROM public.shop_shipmentitem i
                     WHERE i.shipment_id = NEW.id AND i.void_at IS NULL)
      ORDER BY l.id FOR NO KEY UPDATE
  LOOP
    IF line.quantity - line.refunded < (
      SELECT sum(i.quantity) FROM public.shop_shipmentitem i JOIN public.shop_shipment s ON s.id = i.shipment_id
        WHERE i.line_id = line.id AND i.void_at IS NULL
          AND (s.id = NEW.id OR s.state IN ('handed_over', 'delivered'))) THEN
      RAISE EXCEPTION 'what is refunded is not sent' REFUSED;
    END IF;
  END LOOP;
  RETURN NEW;
END""",
) + trigger(
    "shop_parcel_is_owed",
    "BEFORE UPDATE OF state ON shop_shipment",
    "shop_parcel_is_owed()",
    only_if="NEW.state = 'handed_over' AND OLD.state <> NEW.state",
)

RESERVED = (
    function(
        "shop_refunded_is_free",
        """
DECLARE
  reserved integer;
  owed integer;
BEGIN
  IF NEW.refunded <= OLD.refunded THEN
    RETURN NULL;
  END IF;
  SELECT coalesce(sum(r.quantity - r.taken), 0) INTO reserved
    FROM public.shop_reservation r JOIN public.shop_stock s ON s.id = r.stock_id
    WHERE r.order_id = NEW.order_id AND s.product_id = NEW.product_id AND r.released_at IS NULL;
  SELECT greatest(l.quantity - l.refunded - coalesce(sum(i.quantity) FILTER (
           WHERE p.state IN ('handed_over', 'delivered')), 0),
         coalesce(sum(i.quantity) FILTER (WHERE p.state IN ('packing', 'labelled')), 0))
    INTO owed FROM public.shop_orderline l
    LEFT JOIN public.shop_shipmentitem i ON i.line_id = l.id AND i.void_at IS NULL
    LEFT JOIN public.shop_shipment p ON p.id = i.shipment_id
    WHERE l.id = NEW.id GROUP BY l.id;
  IF reserved > owed THEN
    RAISE EXCEPTION 'what is refunded is reserved no longer' REFUSED;
  END IF;
  RETURN NULL;
END""",
    )
    + checked_at_commit(
        "shop_refunded_is_free", "AFTER UPDATE OF refunded ON shop_orderline", "shop_refunded_is_free()"
    )
    + function(
        "shop_reservation_is_owed",
        """
BEGIN
  PERFORM 1 FROM public.shop_orderline l JOIN public.shop_stock s ON s.product_id = l.product_id
    WHERE s.id = NEW.stock_id AND l.order_id = NEW.order_id AND l.quantity - l.refunded < NEW.quantity
      AND NEW.quantity > coalesce((
        SELECT sum(i.quantity) FROM public.shop_shipmentitem i JOIN public.shop_shipment p ON p.id = i.shipment_id
          WHERE i.line_id = l.id AND i.void_at IS NULL AND p.state IN ('packing', 'labelled')), 0);
  IF FOUND THEN
    RAISE EXCEPTION 'no more is reserved than was ordered and is not refunded' REFUSED;
  END IF;
  RETURN NEW;
END""",
    )
    + trigger("shop_reservation_is_owed", "BEFORE INSERT ON shop_reservation", "shop_reservation_is_owed()")
)

# Of an order each product is one line. It is locked while it is counted: who packs and who releases wait for each other.
PACKED = (
    function(
        "shop_packed_is_reserved",
        """
DECLARE
  line public.shop_orderline;
BEGIN
  IF TG_TABLE_NAME = 'shop_shipmentitem' THEN
    SELECT l.* INTO line FROM public.shop_orderline l WHERE l.id = NEW.line_id FOR NO KEY UPDATE;
  ELSE
    SELECT l.* INTO line FROM public.shop_orderline l
      WHERE l.order_id = NEW.order_id
        AND l.product_id = (SELECT s.product_id FROM public.shop_stock s WHERE s.id = NEW.stock_id)
      FOR NO KEY UPDATE;
  END IF;
  IF (SELECT coalesce(sum(i.quantity), 0)
        FROM public.shop_shipmentitem i JOIN public.shop_shipment p ON p.id = i.shipment_id
        WHERE i.line_id = line.id AND i.void_at IS NULL AND p.state IN ('packing', 'labelled'))
     > (SELECT coalesce(sum(r.quantity - r.taken), 0)
          FROM public.shop_reservation r JOIN public.shop_stock s ON s.id = r.stock_id
          WHERE r.order_id = line.order_id AND s.product_id = line.product_id AND r.released_at IS NULL) THEN
    RAISE EXCEPTION 'what is packed is reserved until it is unpacked' REFUSED;
  END IF;
  RETURN NULL;
END""",
    )
    + checked_at_commit("shop_packed_is_reserved", "AFTER INSERT ON shop_shipmentitem", "shop_packed_is_reserved()")
    + checked_at_commit(
        "shop_reserved_while_packed",
        "AFTER UPDATE OF released_at, taken ON shop_reservation",
        "shop_packed_is_reserved()",
    )
)

FOLLOWED = ["partly_shipped>completed", "completed>partly_shipped"]
"""Steps of an order that follow the refund of its rest, and the end of that refund."""

REFUND_STEPS = [
    ">requested",
    ">pending",
    ">succeeded",
    "requested>submitted",
    "requested>cancelled",
    "submitted>pending",
    "submitted>succeeded",
    "submitted>failed",
    "pending>succeeded",
    "pending>failed",
    "succeeded>failed",
    "failed>cancelled",
]


def refund_steps() -> str:
    """Return the SQL that allows refunds only these steps."""
    arguments = ", ".join(f"'{step}'" for step in sorted(REFUND_STEPS))
    return (
        "CREATE OR REPLACE TRIGGER shop_refund_steps BEFORE INSERT OR UPDATE OF state ON shop_refund "
        f"FOR EACH ROW EXECUTE FUNCTION shop_step({arguments});"
    )


class Migration(migrations.Migration):
    dependencies = [("shop", "0012_refunded_pieces")]
    operations = [
        ValidateConstraint(model_name="orderline", name="order_line_refunded"),
        migrations.RunSQL(DONE_BEFORE),
        *(migrations.RunSQL(part) for part in (COUNTS, HOLDS, SENT, HANDED_OVER, RESERVED, PACKED)),
        migrations.RunSQL(before.bought(SERVICES + ARRIVED)),
        migrations.RunSQL(before.steps([*before.STEPS, *before.DONE, *FOLLOWED])),
        migrations.RunSQL(refund_steps()),
    ]
