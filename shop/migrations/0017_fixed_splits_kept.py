"""What comes off the invoice for a return is fixed once, and forgotten only with a receipt that was a mistake."""

from importlib import import_module

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

from fusus_portal.ground.database.guards import function, trigger

before = import_module("shop.migrations.0006_one_person_alone")

KEPT = trigger(
    "shop_return_keeps_off",
    "BEFORE UPDATE ON shop_return",
    "shop_keeps_set('off')",
    only_if=f"NOT ({before.IS_UNDONE})",
) + function(
    "shop_return_is_undone",
    """
BEGIN
  PERFORM 1 FROM public.shop_refund r WHERE r.of_return_id = NEW.id;
  IF FOUND OR NEW.credited <> 0 OR NEW.found <> ''
     OR num_nonnulls(NEW.received_at, NEW.received_by_id, NEW.inspected_at, NEW.inspected_by_id, NEW.parts_off,
                     NEW.refund, NEW.off, NEW.ended_at) > 0 THEN
    RAISE EXCEPTION 'a receipt is taken back as a whole, before money has moved' REFUSED;
  END IF;
  RETURN NEW;
END""",
).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("shop", "0016_fixed_splits")]
    operations = [ValidateConstraint(model_name="return", name="return_off"), migrations.RunSQL(KEPT)]
