"""The database's side of money: payments, refunds, invoices and their numbers (docs/decisions/shop/shop-money.md)."""

from django.db import migrations

from fusus_portal.ground.database.guards import (
    checked_at_commit,
    counted,
    function,
    keeps,
    keeps_once_set,
    never,
    steps,
    trigger,
)

PAYMENTS = "".join(
    [
        steps(
            "shop_paymentattempt",
            [
                ">created",
                "created>open",
                "created>failed",
                "created>cancelled",
                "open>processing",
                "open>succeeded",
                "open>failed",
                "open>expired",
                "open>cancelled",
                "processing>succeeded",
                "processing>failed",
                "expired>succeeded",
                "failed>succeeded",
                "cancelled>succeeded",
            ],
        ),
        keeps("shop_paymentattempt", "order_id", "cents", "currency", "begun_at"),
        keeps_once_set("shop_paymentattempt", "session_id", "intent_id"),
        trigger("shop_attempt_keeps_card", "BEFORE UPDATE ON shop_paymentattempt", "shop_keeps('customer', 'card')"),
        never("shop_paymentattempt", "DELETE"),
        keeps_once_set("shop_cardchange", "session_id", "settled_at"),
        keeps(
            "shop_payment",
            *("order_id", "attempt_id", "method", "captured", "currency", "captured_at", "gateway_id"),
            *("check_number", "received_on", "recorded_by_id", "recorded_at"),
        ),
        counted("shop_payment", "held"),
        never("shop_payment", "DELETE"),
        function(
            "shop_payment_is_of_its_attempt",
            """
BEGIN
  PERFORM 1 FROM public.shop_paymentattempt a
    WHERE a.id = NEW.attempt_id AND a.order_id = NEW.order_id AND a.cents = NEW.captured;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a payment is what its attempt asked for' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger(
            "shop_payment_is_of_its_attempt",
            "BEFORE INSERT ON shop_payment",
            "shop_payment_is_of_its_attempt()",
            only_if="NEW.attempt_id IS NOT NULL",
        ),
    ]
)

REFUNDS = "".join(
    [
        steps(
            "shop_refund",
            [
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
                "pending>cancelled",
                "succeeded>failed",
            ],
        ),
        keeps("shop_refund", "payment_id", "source", "cents", "reason", "clerk_id", "requested_at", "needs_second"),
        keeps_once_set("shop_refund", "gateway_id", "second_id", "submitted_at", "check_number"),
        never("shop_refund", "DELETE"),
        function(
            "shop_refund_holds",
            """
DECLARE
  live text[] := ARRAY['requested', 'submitted', 'pending', 'succeeded'];
  change integer := CASE WHEN NEW.state = ANY (live) THEN 1 ELSE 0 END;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    change := change - CASE WHEN OLD.state = ANY (live) THEN 1 ELSE 0 END;
  END IF;
  IF change <> 0 THEN
    UPDATE public.shop_payment SET held = held + change * NEW.cents WHERE id = NEW.payment_id;
    UPDATE public.shop_orderline l SET held = l.held + change * r.cents
      FROM public.shop_refundline r WHERE r.refund_id = NEW.id AND l.id = r.line_id;
  END IF;
  RETURN NULL;
END""",
        ),
        trigger("shop_refund_holds", "AFTER INSERT OR UPDATE OF state ON shop_refund", "shop_refund_holds()"),
        function(
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
  UPDATE public.shop_orderline SET held = held + NEW.cents WHERE id = NEW.line_id;
  RETURN NULL;
END""",
        ),
        trigger("shop_refund_line_holds", "AFTER INSERT ON shop_refundline", "shop_refund_line_holds()"),
        never("shop_refundline", "UPDATE OR DELETE"),
        # What is not about the order's goods has no lines: it came too late, twice, or was made elsewhere.
        function(
            "shop_refund_is_shared",
            """
DECLARE
  shared bigint;
BEGIN
  SELECT coalesce(sum(x.cents), 0) INTO shared FROM public.shop_refundline x WHERE x.refund_id = NEW.id;
  IF shared <> (CASE WHEN NEW.source IN ('late', 'twice', 'external') THEN 0 ELSE NEW.cents END) THEN
    RAISE EXCEPTION 'a refund is shared over lines to the cent' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        checked_at_commit("shop_refund_is_shared", "AFTER INSERT ON shop_refund", "shop_refund_is_shared()"),
    ]
)

INVOICES = "".join(
    [
        "INSERT INTO shop_numbercounter (kind, last) VALUES ('invoice', 0), ('credit_note', 0);\n",
        trigger("shop_numbercounter_none_more", "BEFORE INSERT OR DELETE ON shop_numbercounter", "shop_refuse()"),
        trigger(
            "shop_numbercounter_counts",
            "BEFORE UPDATE ON shop_numbercounter",
            "shop_refuse()",
            only_if="pg_trigger_depth() = 0",
        ),
        # The row stays locked until the transaction ends: what is rolled back leaves no gap, and two never get one.
        function(
            "shop_gives_number",
            """
BEGIN
  UPDATE public.shop_numbercounter SET last = last + 1 WHERE kind = TG_ARGV[0] RETURNING last INTO NEW.number;
  RETURN NEW;
END""",
        ),
        trigger("shop_invoice_gives_number", "BEFORE INSERT ON shop_invoice", "shop_gives_number('invoice')"),
        trigger("shop_creditnote_gives_number", "BEFORE INSERT ON shop_creditnote", "shop_gives_number('credit_note')"),
        keeps(
            "shop_invoice",
            *("number", "order_id", "reverses_id", "party", "street", "city", "state_code", "zip_code", "language"),
            *("purchase_order", "net", "tax", "total", "issued_at", "due_on"),
        ),
        counted("shop_invoice", "credited"),
        never("shop_invoice", "DELETE"),
        never("shop_invoiceline", "UPDATE OR DELETE"),
        never("shop_creditnote", "UPDATE OR DELETE"),
        function(
            "shop_invoice_adds_up",
            """
DECLARE
  wanted public.shop_invoice;
  net bigint;
  tax bigint;
BEGIN
  IF TG_TABLE_NAME = 'shop_invoice' THEN
    SELECT i.* INTO wanted FROM public.shop_invoice i WHERE i.id = NEW.id;
  ELSE
    SELECT i.* INTO wanted FROM public.shop_invoice i WHERE i.id = NEW.invoice_id;
  END IF;
  SELECT sum(l.net), sum(l.tax) INTO net, tax FROM public.shop_invoiceline l WHERE l.invoice_id = wanted.id;
  IF (net, tax) IS DISTINCT FROM (wanted.net, wanted.tax) THEN
    RAISE EXCEPTION 'an invoice is the sum of its lines' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        checked_at_commit("shop_invoice_adds_up", "AFTER INSERT ON shop_invoice", "shop_invoice_adds_up()"),
        checked_at_commit("shop_invoiceline_adds_up", "AFTER INSERT ON shop_invoiceline", "shop_invoice_adds_up()"),
        function(
            "shop_credit_note_counts",
            """
BEGIN
  UPDATE public.shop_invoice SET credited = credited + NEW.total
    WHERE id = NEW.invoice_id AND reverses_id IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a credit note is of an invoice that reverses none' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        trigger("shop_credit_note_counts", "AFTER INSERT ON shop_creditnote", "shop_credit_note_counts()"),
        function(
            "shop_reversal_counts",
            """
BEGIN
  UPDATE public.shop_invoice i SET credited = i.credited - c.total
    FROM public.shop_creditnote c
    WHERE c.id = NEW.reverses_id AND i.id = c.invoice_id AND (c.net, c.tax) = (NEW.net, NEW.tax);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a reversal is of as much as its credit note' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        trigger(
            "shop_reversal_counts",
            "AFTER INSERT ON shop_invoice",
            "shop_reversal_counts()",
            only_if="NEW.reverses_id IS NOT NULL",
        ),
        never("shop_reminder", "UPDATE OR DELETE"),
        never("shop_bookcheck", "DELETE"),
    ]
)


class Migration(migrations.Migration):
    replaces = [("shop", "0009_books")]
    dependencies = [("shop", "0003_after_sales")]
    operations = [migrations.RunSQL(part) for part in (PAYMENTS, REFUNDS, INVOICES)]
