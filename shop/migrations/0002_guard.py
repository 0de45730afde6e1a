"""The database's side of prices, shelf and orders: counters, steps, what never changes.

See docs/decisions/shop/shop-money.md.
"""

from django.db import migrations

from fusus_portal.ground.database.guards import counted, function, keeps, keeps_once_set, never, steps, trigger

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
        steps(
            "shop_order",
            [
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
            ],
        ),
        keeps(
            "shop_order",
            *("number", "party", "language", "method", "exemption_id", "goods", "discount", "tax", "total"),
            *("bill_street", "bill_city", "bill_state", "bill_zip"),
            *("ship_name", "ship_street", "ship_city", "ship_state", "ship_zip"),
            *("consent", "consent_at", "placed_at", "drafted_at"),
            once_placed=True,
        ),
        trigger("shop_order_keeps_year", "BEFORE UPDATE ON shop_order", "shop_keeps('renews_id', 'year_from')"),
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
        # A further year is one line, and never dearer than what was agreed to when the CORE was bought.
        function(
            "shop_renewal_is_placed",
            """
BEGIN
  PERFORM 1 FROM public.shop_subscription s JOIN public.shop_orderline bought ON bought.id = s.line_id
    JOIN public.shop_orderline l ON l.order_id = NEW.id
    WHERE s.id = NEW.renews_id AND s.registrant_id = NEW.registrant_id AND l.product_id = bought.product_id
      AND l.kind = 'service' AND l.quantity = 1 AND l.unit_cents <= bought.yearly_fee
      AND (SELECT count(*) FROM public.shop_orderline x WHERE x.order_id = NEW.id) = 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a further year is one line, at most as dear as agreed' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger(
            "shop_renewal_is_placed",
            "BEFORE UPDATE OF state ON shop_order",
            "shop_renewal_is_placed()",
            only_if="OLD.state = 'draft' AND NEW.state <> 'draft' AND NEW.renews_id IS NOT NULL",
        ),
        # Bought is bought: by money, or by an approved purchase order, goods and years alike.
        function(
            "shop_order_is_bought",
            """
BEGIN
  IF (NEW.renews_id IS NOT NULL) <> (NEW.state = 'completed') THEN
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
END""",
        ),
        trigger(
            "shop_order_is_bought",
            "BEFORE UPDATE OF state ON shop_order",
            "shop_order_is_bought()",
            only_if="NEW.method <> 'charge' AND OLD.state <> NEW.state AND (NEW.state IN ('paid', 'on_account') "
            "OR NEW.state = 'completed' AND OLD.state <> 'shipped')",
        ),
        # A bill is on account by the claim whose old CORE it is for, and by no purchase order. It is never `paid`:
        # that is a sum over its checks.
        function(
            "shop_order_is_billed",
            """
BEGIN
  PERFORM 1 FROM public.shop_claim c
    WHERE c.charge_id = NEW.id AND c.state = 'charged' AND NEW.state = 'on_account';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a bill is for an old CORE of a claim' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger(
            "shop_order_is_billed",
            "BEFORE UPDATE OF state ON shop_order",
            "shop_order_is_billed()",
            only_if="NEW.state NOT IN ('draft', 'cancelled') AND OLD.state <> NEW.state AND NEW.method = 'charge'",
        ),
        # Only a bill goes from the draft straight to the account.
        trigger(
            "shop_order_is_ordered",
            "BEFORE UPDATE OF state ON shop_order",
            "shop_refuse()",
            only_if="OLD.state = 'draft' AND NEW.state = 'on_account' AND NEW.method <> 'charge'",
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


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial"), ("audit", "0002_guard")]
    operations = [migrations.RunSQL(part) for part in (SHARED, PRICES, STOCK, ORDERS)]
