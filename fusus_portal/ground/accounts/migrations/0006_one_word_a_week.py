"""One administrator alone keeps an account out for a day, and not day after day."""

from django.db import migrations

# As in 0004_suspensions, but that a word which nobody confirmed is not said again for a week: three words said each day
# would keep three people out alone.
BOUND = """
CREATE OR REPLACE FUNCTION accounts_suspension_is_bound() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given text;
  left_over integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('accounts.suspension'));
  PERFORM FROM public.accounts_user u
    WHERE u.id = NEW.suspended_by_id AND u.role = 'administrator' AND u.is_active AND u.locked_at IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an account is suspended by an administrator who can act' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT u.role INTO given FROM public.accounts_user u
    WHERE u.id = NEW.account_id AND u.is_active AND u.role NOT IN ('resident', 'business');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'only an agency account that is in use is suspended' USING ERRCODE = 'restrict_violation';
  END IF;
  IF 3 < (SELECT count(*) FROM public.accounts_suspension s
            WHERE s.suspended_by_id = NEW.suspended_by_id
              AND s.suspended_at > NEW.suspended_at - interval '24 hours') THEN
    RAISE EXCEPTION 'one administrator suspends three accounts in a day' USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM FROM public.accounts_suspension s
    WHERE s.account_id = NEW.account_id AND s.suspended_by_id = NEW.suspended_by_id AND s.state = 'ended'
      AND s.ended_at > NEW.suspended_at - interval '7 days';
  IF FOUND THEN
    RAISE EXCEPTION 'nobody confirmed it when this administrator last suspended the account'
      USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT count(*) INTO left_over FROM public.accounts_user u
    WHERE u.role = given AND u.id <> NEW.account_id AND u.is_active AND u.locked_at IS NULL;
  IF left_over < (CASE given WHEN 'administrator' THEN 2 WHEN 'auditor' THEN 1 ELSE 0 END) THEN
    RAISE EXCEPTION 'too few % accounts would be left to act', given USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_codes_that_were_read")]
    operations = [migrations.RunSQL(BOUND)]
