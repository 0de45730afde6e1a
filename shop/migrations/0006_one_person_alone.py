"""What one person gives back alone, who pays a return, and the way back from a receipt that was a mistake.

See docs/decisions/shop/refund-limit.md and docs/decisions/shop/returns.md.
"""

import django.core.validators
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from fusus_portal.ground.database.guards import function, never, steps, trigger

MOST_DOLLARS = 300
AWAY = "('approved', 'label_sent', 'in_transit')"
IS_UNDONE = f"OLD.state IN ('received', 'inspected', 'accepted', 'rejected') AND NEW.state IN {AWAY}"

ALONE = "".join(
    [
        # Two people stand for a refund, or it is within what one gives back alone. However many presses come at once:
        # the sender's row is locked while it is counted. It counts the same as shop/payments/selectors/one_person.py.
        function(
            "shop_refund_has_two",
            """
DECLARE
  of_payment public.shop_payment;
  buyer uuid;
  bound bigint;
  to_buyer bigint;
  within_day bigint;
BEGIN
  SELECT p.* INTO of_payment FROM public.shop_payment p WHERE p.id = NEW.payment_id;
  IF NEW.clerk_id <> NEW.second_id
     OR NEW.clerk_id IS NULL AND of_payment.recorded_by_id IS DISTINCT FROM NEW.second_id THEN
    RETURN NULL;
  END IF;
  PERFORM 1 FROM public.accounts_user u WHERE u.id = NEW.second_id FOR NO KEY UPDATE;
  SELECT o.registrant_id INTO buyer FROM public.shop_order o WHERE o.id = of_payment.order_id;
  SELECT least(l.clerk_refund_dollars * 100, (SELECT min(x.net / x.quantity) - 1 FROM public.shop_orderline x
               WHERE x.order_id = of_payment.order_id AND x.kind = 'core'))
    INTO bound FROM public.shop_shoplimits l;
  SELECT coalesce(sum(r.cents) FILTER (WHERE o.id = of_payment.order_id OR o.registrant_id = buyer), 0),
         coalesce(sum(r.cents) FILTER (WHERE r.submitted_at > NEW.submitted_at - interval '1 day'), 0)
    INTO to_buyer, within_day
    FROM public.shop_refund r
    JOIN public.shop_payment p ON p.id = r.payment_id
    JOIN public.shop_order o ON o.id = p.order_id
    WHERE r.second_id = NEW.second_id AND r.of_return_id IS NULL AND r.state IN ('submitted', 'pending', 'succeeded')
      AND (r.clerk_id = NEW.second_id OR r.clerk_id IS NULL AND p.recorded_by_id = NEW.second_id);
  IF bound IS NULL OR greatest(to_buyer, within_day) > bound THEN
    RAISE EXCEPTION 'one person alone gives back no more than the bound' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        trigger(
            "shop_refund_has_two",
            "AFTER UPDATE OF state ON shop_refund",
            "shop_refund_has_two()",
            only_if="NEW.of_return_id IS NULL AND OLD.state <> NEW.state AND NEW.state = 'submitted' "
            "AND NEW.second_id IS NOT NULL",
        ),
        # Whoever inspected a CORE neither asks for its money nor sends it.
        function(
            "shop_return_is_paid_by_another",
            """
BEGIN
  PERFORM 1 FROM public.shop_return r WHERE r.id = NEW.of_return_id AND r.inspected_by_id IS NOT NULL
    AND r.inspected_by_id IS DISTINCT FROM (CASE WHEN TG_OP = 'INSERT' THEN NEW.clerk_id ELSE NEW.second_id END);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'whoever inspects does not pay' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        trigger(
            "shop_return_is_asked_for_by_another",
            "AFTER INSERT ON shop_refund",
            "shop_return_is_paid_by_another()",
            only_if="NEW.of_return_id IS NOT NULL",
        ),
        trigger(
            "shop_return_is_sent_by_another",
            "AFTER UPDATE OF state ON shop_refund",
            "shop_return_is_paid_by_another()",
            only_if="NEW.of_return_id IS NOT NULL AND OLD.state <> NEW.state AND NEW.state = 'submitted'",
        ),
        # What goes back by itself because an order was canceled is of an order that was canceled.
        function(
            "shop_refund_is_of_canceled",
            """
BEGIN
  PERFORM 1 FROM public.shop_payment p JOIN public.shop_order o ON o.id = p.order_id
    WHERE p.id = NEW.payment_id AND o.state = 'cancelled';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this order was not canceled' REFUSED;
  END IF;
  RETURN NULL;
END""",
        ),
        trigger(
            "shop_refund_is_of_canceled",
            "AFTER INSERT ON shop_refund",
            "shop_refund_is_of_canceled()",
            only_if="NEW.source = 'cancellation'",
        ),
    ]
)

UNDONE = "".join(
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
                *(
                    f"{away}>{come}"
                    for away in ("approved", "label_sent", "in_transit")
                    for come in ("received", "rejected")
                ),
                "received>inspected",
                "inspected>accepted",
                "accepted>refunding",
                "refunding>closed",
                "closed>refunding",
                *(
                    f"{at}>{away}"
                    for at in ("received", "inspected", "accepted", "rejected")
                    for away in ("approved", "label_sent", "in_transit")
                ),
            ],
        ),
        "DROP TRIGGER shop_return_keeps_set ON shop_return;\n",
        trigger(
            "shop_return_keeps_set",
            "BEFORE UPDATE ON shop_return",
            "shop_keeps_set('refund', 'parts_off', 'received_at', 'received_by_id', 'inspected_at', 'inspected_by_id')",
            only_if=f"NOT ({IS_UNDONE})",
        ),
        # What was written down of a parcel is forgotten as a whole, and only while no money has moved.
        function(
            "shop_return_is_undone",
            """
BEGIN
  PERFORM 1 FROM public.shop_refund r WHERE r.of_return_id = NEW.id;
  IF FOUND OR NEW.credited <> 0 OR NEW.found <> ''
     OR num_nonnulls(NEW.received_at, NEW.received_by_id, NEW.inspected_at, NEW.inspected_by_id, NEW.parts_off,
                     NEW.refund, NEW.ended_at) > 0 THEN
    RAISE EXCEPTION 'a receipt is taken back as a whole, before money has moved' REFUSED;
  END IF;
  RETURN NEW;
END""",
        ),
        trigger(
            "shop_return_is_undone",
            "BEFORE UPDATE OF state ON shop_return",
            "shop_return_is_undone()",
            only_if=IS_UNDONE,
        ),
        "DROP TRIGGER shop_returnpart_never_update ON shop_returnpart;\n",
        never("shop_returnpart", "UPDATE"),
        function(
            "shop_part_of_undone",
            f"""
BEGIN
  PERFORM 1 FROM public.shop_return r WHERE r.id = OLD.of_return_id AND r.state IN {AWAY};
  IF NOT FOUND THEN
    RAISE EXCEPTION 'what was missing stands, unless its inspection was taken back' REFUSED;
  END IF;
  RETURN OLD;
END""",
        ),
        trigger("shop_part_of_undone", "BEFORE DELETE ON shop_returnpart", "shop_part_of_undone()"),
    ]
)


def lower(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Bring a limit that is above the new ceiling down to it, with its line of history."""
    alias = schema_editor.connection.alias
    row = (
        apps.get_model("shop", "ShopLimits").objects.using(alias).filter(clerk_refund_dollars__gt=MOST_DOLLARS).first()
    )
    if row is None:
        return
    row.clerk_refund_dollars = MOST_DOLLARS
    row.save()
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001
    past = apps.get_model("shop", "HistoricalShopLimits").objects.using(alias)
    past.create(history_type="~", history_date=timezone.now(), **columns)


class Migration(migrations.Migration):
    dependencies = [("shop", "0005_first_rows")]
    operations = [
        migrations.RemoveConstraint(
            model_name="shoplimits",
            name="shop_limits_clerk_refund_dollars_range",
        ),
        migrations.RunPython(lower, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="historicalshoplimits",
            name="clerk_refund_dollars",
            field=models.PositiveSmallIntegerField(
                default=300,
                help_text="One person alone gives back so much to one buyer, and in one day, and always less than a CORE costs. Beyond it a second person sends it.",
                validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(300)],
                verbose_name="refund by one person",
            ),
        ),
        migrations.AlterField(
            model_name="return",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "Being checked"),
                    ("approved", "Send it back"),
                    ("declined", "Declined"),
                    ("withdrawn", "Taken back"),
                    ("label_sent", "The label is sent"),
                    ("in_transit", "On its way"),
                    ("received", "Received"),
                    ("inspected", "Inspected"),
                    ("accepted", "Accepted"),
                    ("rejected", "The CORE was not in the parcel"),
                    ("refunding", "The money is on its way"),
                    ("closed", "Paid out"),
                ],
                default="requested",
                editable=False,
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="shoplimits",
            name="clerk_refund_dollars",
            field=models.PositiveSmallIntegerField(
                default=300,
                help_text="One person alone gives back so much to one buyer, and in one day, and always less than a CORE costs. Beyond it a second person sends it.",
                validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(300)],
                verbose_name="refund by one person",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("clerk__isnull", False), ("source__in", ["staff", "return"])),
                    models.Q(models.Q(("source__in", ["staff", "return"]), _negated=True), ("clerk__isnull", True)),
                    _connector="OR",
                ),
                name="refund_of_person_has_clerk",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("of_return__isnull", False), ("source", "return")),
                    models.Q(models.Q(("source", "return"), _negated=True), ("of_return__isnull", True)),
                    _connector="OR",
                ),
                name="refund_of_return_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("clerk__isnull", True),
                    ("state__in", ["requested", "cancelled"]),
                    ("second__isnull", False),
                    _connector="OR",
                ),
                name="refund_sent_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="shoplimits",
            constraint=models.CheckConstraint(
                condition=models.Q(("clerk_refund_dollars__gte", 0), ("clerk_refund_dollars__lte", 300)),
                name="shop_limits_clerk_refund_dollars_range",
            ),
        ),
        *(migrations.RunSQL(part) for part in (ALONE, UNDONE)),
    ]
