"""The database's side of what follows an order: parcels, returns, years, claims (docs/decisions/shop/shop-money.md)."""

from django.db import migrations

from fusus_portal.ground.database.guards import (
    checked_at_commit,
    function,
    keeps,
    keeps_once_set,
    never,
    steps,
    trigger,
)

PARCELS = "".join(
    [
        steps(
            "shop_shipment",
            [
                ">packing",
                "packing>labelled",
                "packing>dropped",
                "labelled>dropped",
                "labelled>handed_over",
                "handed_over>delivered",
                "handed_over>lost",
            ],
        ),
        keeps("shop_shipment", "number", "order_id", "begun_by_id", "begun_at"),
        keeps_once_set("shop_shipment", "labelled_at", "handed_over_at", "ended_at"),
        never("shop_shipment", "DELETE"),
        # Never more is sent than was ordered, by whatever number of clerks: the line is locked while it is counted.
        function(
            "shop_item_is_owed",
            """
DECLARE
  ordered integer;
BEGIN
  PERFORM 1 FROM public.shop_shipment s WHERE s.id = NEW.shipment_id AND s.state = 'packing';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'something is put only into a parcel that is being packed' REFUSED;
  END IF;
  SELECT l.quantity INTO ordered FROM public.shop_orderline l
    JOIN public.shop_shipment s ON s.id = NEW.shipment_id AND s.order_id = l.order_id
    WHERE l.id = NEW.line_id FOR NO KEY UPDATE OF l;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a parcel holds what its own order is about' REFUSED;
  END IF;
  IF ordered < (SELECT sum(i.quantity) FROM public.shop_shipmentitem i
                WHERE i.line_id = NEW.line_id AND i.void_at IS NULL) THEN
    RAISE EXCEPTION 'no more is sent than was ordered' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        trigger("shop_item_is_owed", "AFTER INSERT ON shop_shipmentitem", "shop_item_is_owed()"),
        keeps("shop_shipmentitem", "shipment_id", "line_id", "core_id", "quantity", "packed_at"),
        keeps_once_set("shop_shipmentitem", "void_at", "back_at"),
        never("shop_shipmentitem", "DELETE"),
        keeps("shop_shippingdelay", "order_id", "sent_by_then", "asked_by_id", "asked_at"),
        keeps_once_set("shop_shippingdelay", "agreed_at"),
        never("shop_shippingdelay", "DELETE"),
    ]
)

RETURNS = "".join(
    [
        steps(
            "shop_return",
            [
                ">requested",
                ">approved",
                "requested>approved",
                "requested>declined",
                "requested>withdrawn",
                "approved>withdrawn",
                "label_sent>withdrawn",
                "approved>label_sent",
                "label_sent>in_transit",
                "approved>received",
                "label_sent>received",
                "in_transit>received",
                "received>inspected",
                "inspected>accepted",
                "inspected>rejected",
                "accepted>refunding",
                "refunding>closed",
                "closed>refunding",
            ],
        ),
        keeps(
            "shop_return",
            *("number", "item_id", "order_id", "line_id", "core_id", "position", "schedule_id", "age_months"),
            *("whole", "device", "fee", "age_off", "fee_back", "lowest", "requested_at"),
        ),
        keeps_once_set("shop_return", "refund", "parts_off", "received_at", "inspected_at"),
        trigger("shop_return_forgets", "BEFORE UPDATE ON shop_return", "shop_forgets()"),
        never("shop_return", "DELETE"),
        never("shop_returnpart", "UPDATE OR DELETE"),
        never("shop_deductionschedule", "UPDATE OR DELETE"),
        never("shop_agestep", "UPDATE OR DELETE"),
        never("shop_partdeduction", "UPDATE OR DELETE"),
        # What was published when somebody bought is never added to.
        function(
            "shop_deduction_is_new",
            """
BEGIN
  PERFORM 1 FROM public.shop_deductionschedule s
    JOIN public.shop_order o ON o.placed_at >= s.published_at
    WHERE s.id = NEW.schedule_id;
  IF FOUND THEN
    RAISE EXCEPTION 'what is deducted was published already, and somebody bought by it' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger("shop_agestep_is_new", "BEFORE INSERT ON shop_agestep", "shop_deduction_is_new()"),
        trigger("shop_partdeduction_is_new", "BEFORE INSERT ON shop_partdeduction", "shop_deduction_is_new()"),
        # However many clerks pay a return in the same second: no more goes back than it is worth.
        function(
            "shop_refund_of_return",
            """
DECLARE
  worth bigint;
BEGIN
  SELECT r.refund - r.credited INTO worth FROM public.shop_return r
    JOIN public.shop_payment p ON p.id = NEW.payment_id AND p.order_id = r.order_id
    WHERE r.id = NEW.of_return_id AND r.state IN ('accepted', 'refunding', 'closed')
    FOR NO KEY UPDATE OF r;
  IF NOT FOUND OR NEW.source <> 'return' THEN
    RAISE EXCEPTION 'a return is paid from its own order, once it is accepted' REFUSED;
  END IF;
  IF worth < (SELECT sum(x.cents) FROM public.shop_refund x WHERE x.of_return_id = NEW.of_return_id
              AND x.state IN ('requested', 'submitted', 'pending', 'succeeded')) THEN
    RAISE EXCEPTION 'no more goes back than a return is worth' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        trigger(
            "shop_refund_of_return",
            "AFTER INSERT OR UPDATE OF state ON shop_refund",
            "shop_refund_of_return()",
            only_if="NEW.of_return_id IS NOT NULL",
        ),
        trigger(
            "shop_refund_keeps_its_return",
            "BEFORE UPDATE OF of_return_id ON shop_refund",
            "shop_refuse()",
            only_if="OLD.of_return_id IS DISTINCT FROM NEW.of_return_id",
        ),
    ]
)

YEARS = "".join(
    [
        steps(
            "shop_subscription",
            [
                ">active",
                "active>past_due",
                "past_due>lapsed",
                "past_due>active",
                "lapsed>active",
                "active>cancel_scheduled",
                "cancel_scheduled>active",
                "active>ended",
                "past_due>ended",
                "lapsed>ended",
                "cancel_scheduled>ended",
            ],
        ),
        keeps("shop_subscription", "item_id", "line_id", "position", "begun_at"),
        keeps_once_set("shop_subscription", "ended_at"),
        trigger("shop_subscription_forgets", "BEFORE UPDATE ON shop_subscription", "shop_forgets()"),
        never("shop_subscription", "DELETE"),
        keeps("shop_term", "subscription_id", "line_id", "starts_on", "ends_on", "fee"),
        keeps_once_set("shop_term", "void_at"),
        never("shop_term", "DELETE"),
        # Two ranges, one of them of the number of the subscription, so that no extension is needed. A year that was
        # given back before it began takes no days from another.
        """
ALTER TABLE shop_term ADD CONSTRAINT term_one_at_a_time EXCLUDE USING gist (
  int8range(subscription_id, subscription_id, '[]') WITH &&,
  daterange(starts_on, ends_on) WITH &&) WHERE (void_at IS NULL);
""",
        # What is bought is a year: no money is taken for one without its days.
        function(
            "shop_renewal_has_its_year",
            """
BEGIN
  PERFORM 1 FROM public.shop_order o WHERE o.id = NEW.id AND (o.renews_id IS NULL OR o.state <> 'completed')
    UNION ALL SELECT 1 FROM public.shop_term t JOIN public.shop_orderline l ON l.id = t.line_id
    WHERE l.order_id = NEW.id AND t.subscription_id = NEW.renews_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a year that is bought has its days' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        checked_at_commit("shop_renewal_has_its_year", "AFTER UPDATE ON shop_order", "shop_renewal_has_its_year()"),
        function(
            "shop_term_is_bought",
            """
BEGIN
  PERFORM 1 FROM public.shop_subscription s JOIN public.shop_orderline l ON l.id = NEW.line_id
    JOIN public.shop_order o ON o.id = l.order_id
    WHERE s.id = NEW.subscription_id
      AND (s.line_id = NEW.line_id OR o.renews_id = s.id AND o.state = 'completed' AND l.total = NEW.fee);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a year is paid by the order of its CORE, or by its own' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger("shop_term_is_bought", "BEFORE INSERT ON shop_term", "shop_term_is_bought()"),
        # A year lies on no shelf and in no parcel.
        function(
            "shop_is_about_goods",
            """
BEGIN
  PERFORM 1 FROM public.shop_order o WHERE o.id = NEW.order_id AND o.renews_id IS NOT NULL;
  IF FOUND THEN
    RAISE EXCEPTION 'nothing is sent or reserved for a further year' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger("shop_shipment_is_about_goods", "BEFORE INSERT ON shop_shipment", "shop_is_about_goods()"),
        trigger("shop_reservation_is_about_goods", "BEFORE INSERT ON shop_reservation", "shop_is_about_goods()"),
    ]
)

CLAIMS = "".join(
    [
        steps(
            "shop_claim",
            [
                ">opened",
                "opened>approved",
                "opened>declined",
                "approved>replacement_shipped",
                "replacement_shipped>old_unit_due",
                "replacement_shipped>closed",
                "old_unit_due>closed",
                "old_unit_due>charged",
                "charged>closed",
            ],
        ),
        keeps("shop_claim", "number", "core_id", "problem", "opened_at"),
        keeps_once_set("shop_claim", "replacement_id", "ended_at", "old_due_on", "charge_id"),
        trigger("shop_claim_forgets", "BEFORE UPDATE ON shop_claim", "shop_forgets()"),
        never("shop_claim", "DELETE"),
        never("shop_claimpicture", "UPDATE OR DELETE"),
    ]
)


class Migration(migrations.Migration):
    replaces = [
        ("shop", "0004_shipments"),
        ("shop", "0005_returns"),
        ("shop", "0006_terms"),
        ("shop", "0007_warranty"),
        ("shop", "0008_renewals"),
    ]
    dependencies = [("shop", "0002_guard")]
    operations = [migrations.RunSQL(part) for part in (PARCELS, RETURNS, YEARS, CLAIMS)]
