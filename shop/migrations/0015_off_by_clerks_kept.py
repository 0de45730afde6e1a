"""Each line counts its cents that come off the invoice. One clerk takes off no more than one person gives back alone.

See docs/decisions/shop/refund-limit.md.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

from fusus_portal.ground.database.guards import checked_at_commit, function, never, trigger

LINES = (
    never("shop_creditline", "UPDATE OR DELETE")
    + function(
        "shop_credit_line_holds",
        """
BEGIN
  PERFORM 1 FROM public.shop_creditnote n
    JOIN public.shop_invoice i ON i.id = n.invoice_id
    JOIN public.shop_orderline l ON l.id = NEW.line_id AND l.order_id = i.order_id
    WHERE n.id = NEW.note_id AND n.refund_id IS NULL AND (n.clerk_id IS NOT NULL OR NEW.pieces = 0);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'only unpaid lines of its own order come off an invoice, and pieces by a clerk' REFUSED;
  END IF;
  UPDATE public.shop_orderline SET held = held + NEW.cents WHERE id = NEW.line_id;
  IF NEW.pieces > 0 THEN
    UPDATE public.shop_orderline SET refunded = refunded + NEW.pieces WHERE id = NEW.line_id;
  END IF;
  RETURN NULL;
END""",
    )
    + trigger("shop_credit_line_holds", "AFTER INSERT ON shop_creditline", "shop_credit_line_holds()")
)

COUNTED = """
  SELECT least(l.clerk_refund_dollars * 100, (SELECT min(x.net / x.quantity) - 1 FROM public.shop_orderline x
               WHERE x.order_id = of_order AND x.kind = 'core'))
    INTO bound FROM public.shop_shoplimits l;
  SELECT coalesce(sum(g.cents) FILTER (WHERE g.order_id = of_order OR g.registrant_id = (
           SELECT o.registrant_id FROM public.shop_order o WHERE o.id = of_order)), 0),
         coalesce(sum(g.cents) FILTER (WHERE g.given_at > given_now - interval '1 day'), 0)
    INTO to_buyer, within_day
    FROM (
      SELECT r.cents, r.submitted_at AS given_at, o.id AS order_id, o.registrant_id
        FROM public.shop_refund r
        JOIN public.shop_payment p ON p.id = r.payment_id
        JOIN public.shop_order o ON o.id = p.order_id
        WHERE r.second_id = person AND r.of_return_id IS NULL AND r.state IN ('submitted', 'pending', 'succeeded')
          AND (r.clerk_id = person OR r.clerk_id IS NULL AND p.recorded_by_id = person)
      UNION ALL
      SELECT n.alone, n.issued_at, o.id, o.registrant_id
        FROM public.shop_creditnote n
        JOIN public.shop_invoice i ON i.id = n.invoice_id
        JOIN public.shop_order o ON o.id = i.order_id
        WHERE n.clerk_id = person) g;
  IF bound IS NULL OR greatest(to_buyer, within_day) > bound THEN
    RAISE EXCEPTION 'one person alone gives back no more than the bound' REFUSED;
  END IF;
"""
"""What one person gave alone: refunds, and what came off invoices but for pieces that don't ship any more.

It counts the same as `given_alone` of shop/payments/selectors.py.
"""

ALONE = function(
    "shop_refund_has_two",
    """
DECLARE
  of_payment public.shop_payment;
  of_order uuid;
  person uuid := NEW.second_id;
  given_now timestamptz := NEW.submitted_at;
  bound bigint;
  to_buyer bigint;
  within_day bigint;
BEGIN
  SELECT p.* INTO of_payment FROM public.shop_payment p WHERE p.id = NEW.payment_id;
  of_order := of_payment.order_id;
  IF NEW.clerk_id <> NEW.second_id
     OR NEW.clerk_id IS NULL AND of_payment.recorded_by_id IS DISTINCT FROM NEW.second_id THEN
    RETURN NULL;
  END IF;
  PERFORM 1 FROM public.accounts_user u WHERE u.id = NEW.second_id FOR NO KEY UPDATE;
COUNTED
  RETURN NULL;
END""".replace("COUNTED", COUNTED),
).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

# The pieces of earlier refunds are not unsent: only those of this note, and of the refund of the same form (the same id).
# At commit the note has its lines: what nobody else answers for is all of it but the price of pieces never sent.
# Of a canceled order all comes off, so its note needs no lines.
OFF = function(
    "shop_note_is_within_bound",
    """
DECLARE
  lines bigint;
  unsent bigint;
  of_order uuid;
  person uuid := NEW.clerk_id;
  given_now timestamptz := NEW.issued_at;
  bound bigint;
  to_buyer bigint;
  within_day bigint;
BEGIN
  IF NEW.refund_id IS NOT NULL THEN
    RETURN NULL;
  END IF;
  PERFORM 1 FROM public.accounts_user u WHERE u.id = person FOR NO KEY UPDATE;
  SELECT i.order_id INTO of_order FROM public.shop_invoice i WHERE i.id = NEW.invoice_id;
  SELECT coalesce(sum(c.cents), 0),
         coalesce(sum(least(c.cents, l.total * least(c.pieces, greatest(l.quantity - l.refunded + c.pieces
           + coalesce((SELECT r.pieces FROM public.shop_refundline r
                       WHERE r.refund_id = NEW.id AND r.line_id = l.id), 0)
           - coalesce((
           SELECT sum(s.quantity) FROM public.shop_shipmentitem s JOIN public.shop_shipment p ON p.id = s.shipment_id
             WHERE s.line_id = l.id AND p.handed_over_at IS NOT NULL
               AND (s.void_at IS NULL OR s.void_at >= p.handed_over_at)), 0), 0))
           / l.quantity)) FILTER (WHERE l.kind <> 'service'), 0)
    INTO lines, unsent
    FROM public.shop_creditline c JOIN public.shop_orderline l ON l.id = c.line_id WHERE c.note_id = NEW.id;
  PERFORM 1 FROM public.shop_order o WHERE o.id = of_order AND o.state = 'cancelled';
  IF person IS NULL AND lines = 0 AND FOUND THEN
    RETURN NULL;
  END IF;
  IF lines <> NEW.total OR person IS NOT NULL AND NEW.alone < NEW.total - unsent THEN
    RAISE EXCEPTION 'what comes off an invoice is shared over lines to the cent' REFUSED;
  END IF;
  IF NEW.alone = 0 THEN
    RETURN NULL;
  END IF;
COUNTED
  RETURN NULL;
END""".replace("COUNTED", COUNTED),
) + checked_at_commit("shop_note_is_within_bound", "AFTER INSERT ON shop_creditnote", "shop_note_is_within_bound()")

# Lines may be inserted in a later transaction than their note, which is not checked again then.
SHARED = function(
    "shop_credit_lines_are_all",
    """
BEGIN
  PERFORM 1 FROM public.shop_creditnote n
    WHERE n.id = NEW.note_id
      AND n.total = (SELECT sum(c.cents) FROM public.shop_creditline c WHERE c.note_id = n.id);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'what comes off an invoice is shared over lines to the cent' REFUSED;
  END IF;
  RETURN NULL;
END""",
) + checked_at_commit("shop_credit_lines_are_all", "AFTER INSERT ON shop_creditline", "shop_credit_lines_are_all()")

BEFORE = """
DO $$
DECLARE
  note record;
  room bigint;
BEGIN
  FOR note IN
    SELECT n.id, n.total, coalesce(
        (SELECT b.line_id FROM shop_return b
           WHERE b.order_id = i.order_id AND b.credited = n.total AND strpos(n.reason, b.number) > 0 LIMIT 1),
        (SELECT t.line_id FROM shop_term t JOIN shop_orderline l ON l.id = t.line_id
           JOIN shop_subscription s ON s.id = t.subscription_id
           WHERE l.order_id = i.order_id AND t.refunded >= n.total
             AND n.reason IN ('Unused whole months of the fee', 'Meses enteros de la cuota sin usar')
           ORDER BY abs(extract(epoch FROM coalesce(t.void_at, s.ended_at) - n.issued_at)) NULLS LAST, l.position, t.id
           LIMIT 1)) AS line_id
      FROM shop_creditnote n JOIN shop_invoice i ON i.id = n.invoice_id
      WHERE n.refund_id IS NULL AND n.clerk_id IS NULL
      ORDER BY n.number
  LOOP
    SELECT least(note.total, l.total - l.held) INTO room FROM shop_orderline l
      WHERE l.id = note.line_id FOR NO KEY UPDATE;
    IF room > 0 THEN
      INSERT INTO shop_creditline (note_id, line_id, cents, pieces) VALUES (note.id, note.line_id, room, 0);
    END IF;
  END LOOP;
END $$;
SET CONSTRAINTS ALL IMMEDIATE;
"""
"""Earlier notes for returns and fees count for their line too, as far as it has room: two may be about one price.

Lines are found by what these notes say, since nothing else names them. A year becomes void, or its connection ends, in
the transaction of its note: of several lines of an order it is the one with the nearest time. A line is locked before
its room is read, since what runs before the upgrade still refunds.
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0014_off_by_clerks")]
    operations = [
        ValidateConstraint(model_name="creditnote", name="credit_note_by_clerk"),
        *(migrations.RunSQL(part) for part in (LINES, BEFORE, ALONE, OFF, SHARED)),
    ]
