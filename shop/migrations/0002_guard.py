"""The database's side of the shop: counters, numbers, steps, and what never changes (docs/decisions/shop-money.md)."""

from django.db import migrations

from shop.guards import checked_at_commit, counted, function, keeps, keeps_once_set, never, steps, trigger

SHARED = "".join(
    [
        function(
            "shop_refuse",
            """
BEGIN
  RAISE EXCEPTION '% of % is refused', TG_OP, TG_TABLE_NAME REFUSED;
END""",
        ),
        function(
            "shop_step",
            """
DECLARE
  step text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    step := '>' || NEW.state;
  ELSIF OLD.state = NEW.state THEN
    RETURN NEW;
  ELSE
    step := OLD.state || '>' || NEW.state;
  END IF;
  IF NOT step = ANY (TG_ARGV) THEN
    RAISE EXCEPTION '% takes no step %', TG_TABLE_NAME, step REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        function(
            "shop_keeps",
            """
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY TG_ARGV LOOP
    IF to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name THEN
      RAISE EXCEPTION '% of % never changes', name, TG_TABLE_NAME REFUSED;
    END IF;
  END LOOP;
  RETURN NEW;
END""",
        ),
        function(
            "shop_keeps_set",
            """
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY TG_ARGV LOOP
    IF coalesce(to_jsonb(OLD) ->> name, '') <> ''
       AND to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name THEN
      RAISE EXCEPTION '% of % never changes once it is set', name, TG_TABLE_NAME REFUSED;
    END IF;
  END LOOP;
  RETURN NEW;
END""",
        ),
        # A business that leaves takes its name off; no row is ever given to another one.
        function(
            "shop_forgets",
            """
BEGIN
  IF NEW.registrant_id IS NOT NULL AND NEW.registrant_id IS DISTINCT FROM OLD.registrant_id THEN
    RAISE EXCEPTION '% is never given to another business', TG_TABLE_NAME REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
    ]
)

STEPS = "".join(
    [
        steps(
            "shop_order",
            [
                ">draft",
                "draft>awaiting_payment",
                "draft>awaiting_approval",
                "awaiting_payment>paid",
                "awaiting_payment>expired",
                "awaiting_payment>cancelled",
                "expired>paid",
                "awaiting_approval>on_account",
                "awaiting_approval>cancelled",
                "paid>cancelled",
                "on_account>cancelled",
            ],
        ),
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
    ]
)

PRICES = "".join(
    [
        never("shop_price", "UPDATE OR DELETE"),
        keeps("shop_discount", "product_id", "from_quantity", "basis_points", "starts_at"),
        keeps_once_set("shop_discount", "ended_at"),
        never("shop_discount", "DELETE"),
        keeps("shop_taxrate", "state_code", "zip_prefix", "tax_code", "basis_points", "starts_on"),
        never("shop_taxrate", "DELETE"),
        # Two ranges, one of them of a number made of place and code, so that no extension is needed.
        """
ALTER TABLE shop_taxrate ADD CONSTRAINT tax_rate_one_at_a_time EXCLUDE USING gist (
  int8range(hashtextextended(state_code || ':' || zip_prefix || ':' || tax_code, 0),
            hashtextextended(state_code || ':' || zip_prefix || ':' || tax_code, 0), '[]') WITH &&,
  daterange(starts_on, ends_on) WITH &&);
""",
        keeps("shop_exemptioncertificate", "party", "state_code", "number", "valid_until", "paper"),
        keeps_once_set("shop_exemptioncertificate", "declined_at"),
        trigger("shop_exemptioncertificate_forgets", "BEFORE UPDATE ON shop_exemptioncertificate", "shop_forgets()"),
    ]
)

STOCK = "".join(
    [
        counted("shop_stock", "on_hand", "reserved"),
        keeps("shop_stock", "product_id"),
        never("shop_stock", "DELETE"),
        never("shop_stockmovement", "UPDATE OR DELETE"),
        function(
            "shop_movement_counts",
            """
BEGIN
  UPDATE public.shop_stock SET on_hand = on_hand + NEW.change WHERE id = NEW.stock_id;
  RETURN NULL;
END""",
        ),
        trigger("shop_movement_counts", "AFTER INSERT ON shop_stockmovement", "shop_movement_counts()"),
        function(
            "shop_reservation_counts",
            """
DECLARE
  before integer := 0;
  now_held integer := CASE WHEN NEW.released_at IS NULL THEN NEW.quantity - NEW.taken ELSE 0 END;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    before := CASE WHEN OLD.released_at IS NULL THEN OLD.quantity - OLD.taken ELSE 0 END;
    IF NEW.taken < OLD.taken OR (OLD.released_at IS NOT NULL AND NEW.taken > OLD.taken) THEN
      RAISE EXCEPTION 'what was shipped of a reservation only grows, and not after its release' REFUSED;
    END IF;
  END IF;
  IF now_held <> before THEN
    UPDATE public.shop_stock SET reserved = reserved + now_held - before WHERE id = NEW.stock_id;
  END IF;
  RETURN NULL;
END""",
        ),
        trigger("shop_reservation_counts", "AFTER INSERT OR UPDATE ON shop_reservation", "shop_reservation_counts()"),
        keeps("shop_reservation", "order_id", "stock_id", "quantity", "reserved_at"),
        keeps_once_set("shop_reservation", "released_at"),
        never("shop_reservation", "DELETE"),
    ]
)

ORDERS = "".join(
    [
        keeps(
            "shop_order",
            *("number", "party", "language", "method", "exemption_id", "goods", "discount", "tax", "total"),
            *("bill_street", "bill_city", "bill_state", "bill_zip"),
            *("ship_name", "ship_street", "ship_city", "ship_state", "ship_zip"),
            *("consent", "consent_at", "placed_at", "drafted_at"),
            once_placed=True,
        ),
        keeps_once_set("shop_order", "bought_at"),
        trigger("shop_order_forgets", "BEFORE UPDATE ON shop_order", "shop_forgets()"),
        trigger(
            "shop_order_never_delete", "BEFORE DELETE ON shop_order", "shop_refuse()", only_if="OLD.state <> 'draft'"
        ),
        # What is placed adds up, what recurs was agreed to, and no tax is left out but for a good certificate.
        function(
            "shop_order_is_placed",
            """
DECLARE
  goods bigint;
  discount bigint;
  tax bigint;
BEGIN
  SELECT sum(l.net + l.discount), sum(l.discount), sum(l.tax) INTO goods, discount, tax
    FROM public.shop_orderline l WHERE l.order_id = NEW.id;
  IF (goods, discount, tax) IS DISTINCT FROM (NEW.goods, NEW.discount, NEW.tax) THEN
    RAISE EXCEPTION 'an order is the sum of its lines' REFUSED;
  END IF;
  PERFORM 1 FROM public.shop_orderline l WHERE l.order_id = NEW.id AND l.yearly_fee > 0;
  IF FOUND AND NEW.consent_at IS NULL THEN
    RAISE EXCEPTION 'a yearly fee needs express consent' REFUSED;
  END IF;
  PERFORM 1 FROM public.shop_orderline l JOIN public.shop_taxrate t ON t.id = l.tax_rate_id
    WHERE l.order_id = NEW.id
      AND (t.state_code <> NEW.ship_state OR NOT starts_with(NEW.ship_zip, t.zip_prefix)
           OR l.tax_basis_points <> CASE WHEN NEW.exemption_id IS NULL THEN t.basis_points ELSE 0 END);
  IF FOUND THEN
    RAISE EXCEPTION 'a line is taxed by the rate of its place, or not at all with a certificate' REFUSED;
  END IF;
  -- The day is the agency's own, which may still be the one before in UTC.
  IF NEW.exemption_id IS NOT NULL THEN
    PERFORM 1 FROM public.shop_exemptioncertificate e
      WHERE e.id = NEW.exemption_id AND e.registrant_id = NEW.registrant_id AND e.state_code = NEW.ship_state
        AND e.approved_at IS NOT NULL AND e.declined_at IS NULL
        AND e.valid_until >= (NEW.placed_at AT TIME ZONE 'UTC')::date - 1;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'no tax is left out without a certificate that is approved and valid' REFUSED;
    END IF;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger(
            "shop_order_is_placed",
            "BEFORE UPDATE OF state ON shop_order",
            "shop_order_is_placed()",
            only_if="OLD.state = 'draft' AND NEW.state <> 'draft'",
        ),
        # Paid means that the money is here; on account that somebody approved the purchase order.
        function(
            "shop_order_is_bought",
            """
BEGIN
  IF NEW.state = 'paid' THEN
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
END""",
        ),
        trigger(
            "shop_order_is_bought",
            "BEFORE UPDATE OF state ON shop_order",
            "shop_order_is_bought()",
            only_if="NEW.state IN ('paid', 'on_account') AND OLD.state <> NEW.state",
        ),
        function(
            "shop_line_of_draft",
            """
DECLARE
  of_order uuid;
BEGIN
  IF TG_OP = 'DELETE' THEN
    of_order := OLD.order_id;
  ELSE
    of_order := NEW.order_id;
  END IF;
  PERFORM 1 FROM public.shop_order o WHERE o.id = of_order AND o.state = 'draft';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the lines of a placed order never change' REFUSED;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END""",
        ),
        # A trigger may move `held` of a placed order; nothing else is ever touched.
        trigger(
            "shop_line_of_draft",
            "BEFORE INSERT OR UPDATE OR DELETE ON shop_orderline",
            "shop_line_of_draft()",
            only_if="pg_trigger_depth() = 0",
        ),
        keeps("shop_orderline", "order_id", "product_id"),
        counted("shop_orderline", "held"),
        keeps("shop_purchaseorder", "order_id", "number", "limit", "total", "paper"),
        keeps_once_set("shop_purchaseorder", "approved_at", "declined_at"),
        trigger("shop_purchaseorder_forgets", "BEFORE UPDATE ON shop_purchaseorder", "shop_forgets()"),
        never("shop_purchaseorder", "DELETE"),
    ]
)

PAYMENTS = "".join(
    [
        keeps("shop_paymentattempt", "order_id", "cents", "currency", "begun_at"),
        keeps_once_set("shop_paymentattempt", "session_id", "intent_id"),
        never("shop_paymentattempt", "DELETE"),
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
    ]
)


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_shop"), ("audit", "0002_guard")]
    operations = [
        migrations.RunSQL(part) for part in (SHARED, STEPS, PRICES, STOCK, ORDERS, PAYMENTS, REFUNDS, INVOICES)
    ]
