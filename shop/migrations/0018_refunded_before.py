"""Reservations and orders from before 0013 follow its rules: refunded goods are free, packed ones are reserved.

The migration locks rows in the order in which the portal does, so that neither waits for the other in a circle.
"""

from django.db import migrations

LOCKED = """
SELECT o.id FROM shop_order o
  WHERE o.state = 'partly_shipped'
    OR EXISTS (SELECT 1 FROM shop_reservation r WHERE r.order_id = o.id AND r.released_at IS NULL)
    OR EXISTS (SELECT 1 FROM shop_shipment p WHERE p.order_id = o.id AND p.state IN ('packing', 'labelled'))
  ORDER BY o.id FOR NO KEY UPDATE;
SELECT s.id FROM shop_stock s ORDER BY s.id FOR NO KEY UPDATE;
"""

FREED_BEFORE = """
UPDATE shop_reservation r SET released_at = now()
  FROM shop_stock s, shop_orderline l
  WHERE s.id = r.stock_id AND l.order_id = r.order_id AND l.product_id = s.product_id
    AND r.released_at IS NULL AND l.refunded = l.quantity AND r.quantity - r.taken > (
      SELECT coalesce(sum(i.quantity), 0) FROM shop_shipmentitem i JOIN shop_shipment p ON p.id = i.shipment_id
      WHERE i.line_id = l.id AND i.void_at IS NULL AND p.state IN ('packing', 'labelled'));
"""
"""Until now the stock of such a line stayed reserved until a parcel of its order began, so often forever.

What is packed of it is reserved again by the next step.
"""

PACKED_BEFORE = """
DO $$
DECLARE
  packed record;
BEGIN
  FOR packed IN
    SELECT l.order_id, s.id AS stock_id, sum(i.quantity) AS pieces
      FROM shop_shipmentitem i JOIN shop_shipment p ON p.id = i.shipment_id
      JOIN shop_orderline l ON l.id = i.line_id JOIN shop_stock s ON s.product_id = l.product_id
      WHERE i.void_at IS NULL AND p.state IN ('packing', 'labelled') AND NOT EXISTS (
        SELECT 1 FROM shop_reservation r
        WHERE r.order_id = l.order_id AND r.stock_id = s.id AND r.released_at IS NULL)
      GROUP BY l.order_id, s.id ORDER BY s.id, l.order_id
  LOOP
    INSERT INTO shop_reservation (id, order_id, stock_id, quantity, taken, reserved_at)
      SELECT gen_random_uuid(), packed.order_id, s.id, least(packed.pieces, s.on_hand - s.reserved), 0, now()
        FROM shop_stock s WHERE s.id = packed.stock_id AND s.on_hand > s.reserved;
  END LOOP;
END
$$;
"""
"""Until now what was packed of a canceled order was free at once. What somebody else has by now is left to them."""

FOLLOWED_BEFORE = """
WITH moved AS (
  UPDATE shop_order o SET state = CASE WHEN EXISTS (
      SELECT 1 FROM shop_shipment p WHERE p.order_id = o.id AND p.state = 'handed_over')
    THEN 'shipped' ELSE 'completed' END
  WHERE o.state = 'partly_shipped' AND NOT EXISTS (
    SELECT 1 FROM shop_orderline l WHERE l.order_id = o.id AND l.kind <> 'service'
      AND l.quantity - l.refunded > coalesce((
        SELECT sum(i.quantity) FROM shop_shipmentitem i JOIN shop_shipment p ON p.id = i.shipment_id
        WHERE i.line_id = l.id AND i.void_at IS NULL AND p.state IN ('handed_over', 'delivered')), 0))
    AND NOT EXISTS (
      SELECT 1 FROM shop_refundline x JOIN shop_refund r ON r.id = x.refund_id JOIN shop_orderline l ON l.id = x.line_id
      WHERE l.order_id = o.id AND x.pieces > 0 AND r.state = 'requested')
  RETURNING o.id, o.state, o.total)
INSERT INTO audit_entry (event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in,
                         subject_kind, subject_id, offence_type, premises_type, area, facts)
  SELECT CASE m.state WHEN 'shipped' THEN 'shop:order:ship' ELSE 'shop:order:complete' END,
         'done', 'task', 'operator', 'operator', '', '', 'order', m.id::text, '', '', '',
         jsonb_build_object('total', m.total)
  FROM moved m ORDER BY m.id;
"""
"""Until now an order stayed partly shipped if its rest was refunded. The steps, and their entries, are the operator's.

A refund that is only asked for is followed when it is sent, as any other.
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0017_fixed_splits_kept")]
    operations = [
        migrations.RunSQL(LOCKED),
        migrations.RunSQL(FREED_BEFORE),
        migrations.RunSQL(PACKED_BEFORE),
        migrations.RunSQL(FOLLOWED_BEFORE),
    ]
