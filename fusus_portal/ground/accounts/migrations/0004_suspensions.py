"""A stolen account: suspended at once by one administrator, confirmed by a second, or given back after a day."""

import datetime as dt
import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# What was said stays, and is no word of the operator's unless the owner of the tables wrote it. Runs as whoever writes.
KEPT = """
CREATE FUNCTION accounts_suspension_is_kept() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a suspension is kept' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.by_operator AND current_user <> 'portal_owner' AND (TG_OP = 'INSERT' OR NOT OLD.by_operator) THEN
    RAISE EXCEPTION 'only the operator at the server stands in' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' AND NEW.state <> 'suspended' THEN
    RAISE EXCEPTION 'a suspension does not begin at its end' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (
      (OLD.id, OLD.account_id, OLD.reason, OLD.suspended_by_id, OLD.suspended_at, OLD.expires_at)
        IS DISTINCT FROM
        (NEW.id, NEW.account_id, NEW.reason, NEW.suspended_by_id, NEW.suspended_at, NEW.expires_at)
      OR (OLD.state <> 'suspended'
          AND (OLD.state, OLD.by_operator, OLD.confirmed_by_id, OLD.confirmed_at, OLD.ended_at)
              IS DISTINCT FROM (NEW.state, NEW.by_operator, NEW.confirmed_by_id, NEW.confirmed_at, NEW.ended_at))) THEN
    RAISE EXCEPTION 'what was said of a suspended account is not rewritten' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_suspension_is_kept BEFORE INSERT OR UPDATE OR DELETE ON accounts_suspension
  FOR EACH ROW EXECUTE FUNCTION accounts_suspension_is_kept();
ALTER TABLE accounts_suspension ENABLE ALWAYS TRIGGER accounts_suspension_is_kept;
"""

# One administrator alone: of an account that is in use, three in a day, and two administrators and an auditor who can
# act are left. One after the other, so that two who suspend in the same second count each other.
BOUND = """
CREATE FUNCTION accounts_suspension_is_bound() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
  SELECT count(*) INTO left_over FROM public.accounts_user u
    WHERE u.role = given AND u.id <> NEW.account_id AND u.is_active AND u.locked_at IS NULL;
  IF left_over < (CASE given WHEN 'administrator' THEN 2 WHEN 'auditor' THEN 1 ELSE 0 END) THEN
    RAISE EXCEPTION 'too few % accounts would be left to act', given USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_suspension_is_bound AFTER INSERT ON accounts_suspension
  FOR EACH ROW WHEN (NOT NEW.by_operator) EXECUTE FUNCTION accounts_suspension_is_bound();
ALTER TABLE accounts_suspension ENABLE ALWAYS TRIGGER accounts_suspension_is_bound;
"""

# The second word is of another administrator of today, about the word of one.
SECONDED = """
CREATE FUNCTION accounts_suspension_is_seconded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number_of_people integer;
BEGIN
  PERFORM FROM public.accounts_user u
    WHERE u.id IN (NEW.suspended_by_id, NEW.confirmed_by_id) AND u.role = 'administrator' AND u.is_active FOR SHARE;
  GET DIAGNOSTICS number_of_people = ROW_COUNT;
  IF number_of_people <> num_nonnulls(NEW.suspended_by_id, NEW.confirmed_by_id) THEN
    RAISE EXCEPTION 'a suspension is confirmed by another administrator' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_suspension_is_seconded AFTER UPDATE ON accounts_suspension
  FOR EACH ROW WHEN (OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL)
  EXECUTE FUNCTION accounts_suspension_is_seconded();
ALTER TABLE accounts_suspension ENABLE ALWAYS TRIGGER accounts_suspension_is_seconded;
"""

# Whether a step of a suspension is taken in this transaction. It is taken once: its entry is of this one and no other.
TAKEN = """
CREATE FUNCTION accounts_suspension_takes(account uuid, step text, reached text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM public.accounts_suspension s
      WHERE s.account_id = account AND (s.state = reached OR reached = '')
        AND (SELECT bool_and(e.transaction = public.audit_transaction()) FROM public.audit_entry e
               WHERE e.subject_kind = 'suspension' AND e.subject_id = s.id::text AND e.outcome = 'done'
                 AND e.event = step))
$$;
REVOKE ALL ON FUNCTION accounts_suspension_takes(uuid, text, text) FROM PUBLIC;
"""

# As in 0002, but that an account comes back from a suspension that nobody confirmed: without password and factors.
ACCOUNTS = """
CREATE OR REPLACE FUNCTION accounts_user_takes_two() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  missing text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT public.accounts_takes_effect(NEW.id, 'invite', NEW.role, NEW.email) THEN
      missing := 'invite';
    END IF;
  ELSIF OLD.id <> NEW.id OR (OLD.role IN ('resident', 'business')) <> (NEW.role IN ('resident', 'business')) THEN
    missing := 'account of its own';
  ELSIF OLD.role <> NEW.role AND NOT public.accounts_takes_effect(NEW.id, 'change_role', NEW.role, '') THEN
    missing := 'change_role';
  ELSIF NEW.is_active AND NOT OLD.is_active AND NOT public.accounts_takes_effect(NEW.id, 'enable', '', '')
      AND NOT (public.accounts_suspension_takes(NEW.id, 'accounts:suspension:end', 'ended')
               AND NEW.password LIKE '!%'
               AND NOT EXISTS (SELECT FROM public.mfa_authenticator a WHERE a.user_id = NEW.id
                                 AND a.created_at < (SELECT max(s.ended_at) FROM public.accounts_suspension s
                                                       WHERE s.account_id = NEW.id))
               AND NOT EXISTS (SELECT FROM public.accounts_identity i WHERE i.account_id = NEW.id
                                 AND i.linked_at < (SELECT max(s.ended_at) FROM public.accounts_suspension s
                                                      WHERE s.account_id = NEW.id))) THEN
    missing := 'enable';
  ELSIF OLD.locked_at IS NOT NULL AND NEW.locked_at IS NULL
      AND NOT public.accounts_takes_effect(NEW.id, 'release', '', '') THEN
    missing := 'release';
  END IF;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'an agency account changes by two administrators: no % takes effect here', missing
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
"""

# As in 0002, but that all of them go when the account is suspended.
PROOFS = """
CREATE OR REPLACE FUNCTION accounts_proof_takes_a_word() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone jsonb := CASE TG_OP WHEN 'INSERT' THEN NULL ELSE to_jsonb(OLD) END;
  made jsonb := CASE TG_OP WHEN 'DELETE' THEN NULL ELSE to_jsonb(NEW) END;
  holder uuid := COALESCE(gone ->> 'user_id', gone ->> 'account_id')::uuid;
  receiver uuid := COALESCE(made ->> 'user_id', made ->> 'account_id')::uuid;
  is_identity boolean := TG_TABLE_NAME = 'accounts_identity';
BEGIN
  PERFORM FROM public.accounts_user u WHERE u.id = receiver AND u.role NOT IN ('resident', 'business');
  IF FOUND AND NOT public.accounts_own_word(
      receiver::text, CASE WHEN is_identity THEN 'accounts:identity:link' ELSE 'accounts:factor:add' END,
      COALESCE(made ->> 'type', '')) THEN
    RAISE EXCEPTION 'what proves who an agency person is comes with their entry' USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM FROM public.accounts_user u WHERE u.id = holder AND u.role NOT IN ('resident', 'business');
  IF NOT FOUND OR public.accounts_takes_effect(holder, 'reset_factors', '', '')
      OR public.accounts_suspension_takes(holder, 'accounts:suspension:begin', '') THEN
    RETURN NULL;
  END IF;
  IF NOT is_identity AND public.accounts_own_word(holder::text, 'accounts:factor:remove', gone ->> 'type') THEN
    PERFORM FROM public.mfa_authenticator a WHERE a.user_id = holder AND a.type <> 'recovery_codes';
    IF FOUND OR gone ->> 'type' = 'recovery_codes' THEN
      RETURN NULL;
    END IF;
  END IF;
  RAISE EXCEPTION 'an agency account changes by two administrators: no reset_factors takes effect here'
    USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_reviewers"),
        ("audit", "0008_checks_that_continue"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suspended", "Waiting for a second administrator"),
                            ("confirmed", "Confirmed"),
                            ("ended", "Not confirmed in time"),
                        ],
                        default="suspended",
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("by_operator", models.BooleanField(default=False)),
                ("suspended_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("expires_at", models.DateTimeField(editable=False)),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "suspended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-suspended_at"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["suspended_by", "suspended_at"], name="suspension_of_a_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["confirmed", "ended", "suspended"])),
                        name="suspension_state_is_listed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suspended_by", None),
                            models.Q(("suspended_by", models.F("account")), _negated=True),
                            _connector="OR",
                        ),
                        name="suspension_is_of_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(
                                models.Q(("confirmed_by", models.F("account")), _negated=True),
                                models.Q(
                                    ("suspended_by", None),
                                    models.Q(("confirmed_by", models.F("suspended_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="suspension_takes_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("by_operator", True),
                            models.Q(
                                ("suspended_by__isnull", False),
                                models.Q(("confirmed_at", None), ("confirmed_by__isnull", False), _connector="OR"),
                            ),
                            _connector="OR",
                        ),
                        name="suspension_names_both_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at", None),
                            ("suspended_by__isnull", False),
                            ("confirmed_by__isnull", False),
                            _connector="OR",
                        ),
                        name="suspension_has_one_word_of_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_by", None), ("confirmed_at__isnull", False), _connector="OR"),
                        name="suspension_second_word_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__lt", models.F("expires_at")), ("state", "confirmed")),
                            models.Q(models.Q(("state", "confirmed"), _negated=True), ("confirmed_at", None)),
                            _connector="OR",
                        ),
                        name="suspension_is_confirmed_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__gte", models.F("expires_at")), ("state", "ended")),
                            models.Q(models.Q(("state", "ended"), _negated=True), ("ended_at", None)),
                            _connector="OR",
                        ),
                        name="suspension_ends_after_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "expires_at",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("suspended_at"), "+", models.Value(dt.timedelta(days=1))
                                ),
                            )
                        ),
                        name="suspension_waits_for_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "suspended")),
                        fields=("account",),
                        name="suspension_one_open_an_account",
                    ),
                ],
            },
        ),
        *(migrations.RunSQL(part) for part in (KEPT, BOUND, SECONDED, TAKEN, ACCOUNTS, PROOFS)),
    ]
