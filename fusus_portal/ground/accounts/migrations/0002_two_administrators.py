"""The database's side of two administrators: what the application's role can't do to an agency account alone."""

from django.db import migrations

# What was asked and what was signed stays, and is no word of the operator's unless the owner of the tables wrote it:
# at the server the commands sign in as the owner, and the application never can. Runs as whoever writes.
KEPT = """
CREATE FUNCTION accounts_role_change_is_kept() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a change of an agency account is kept' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.by_operator AND current_user <> 'portal_owner' AND (TG_OP = 'INSERT' OR NOT OLD.by_operator) THEN
    RAISE EXCEPTION 'only the operator at the server stands in' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (
      (OLD.id, OLD.kind, OLD.email, OLD.role, OLD.reason, OLD.proposed_by_id, OLD.proposed_at)
        IS DISTINCT FROM
        (NEW.id, NEW.kind, NEW.email, NEW.role, NEW.reason, NEW.proposed_by_id, NEW.proposed_at)
      OR (OLD.approved_at IS NOT NULL
          AND (OLD.approved_by_id, OLD.approved_at, OLD.by_operator)
              IS DISTINCT FROM (NEW.approved_by_id, NEW.approved_at, NEW.by_operator))
      OR (OLD.account_id IS DISTINCT FROM NEW.account_id AND (OLD.account_id IS NOT NULL OR NEW.state <> 'accepted'))
      OR (OLD.state IN ('accepted', 'cancelled', 'expired') AND NEW.state <> OLD.state)) THEN
    RAISE EXCEPTION 'what administrators asked and signed is not rewritten' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_role_change_is_kept BEFORE INSERT OR UPDATE OR DELETE ON accounts_rolechange
  FOR EACH ROW EXECUTE FUNCTION accounts_role_change_is_kept();
ALTER TABLE accounts_rolechange ENABLE ALWAYS TRIGGER accounts_role_change_is_kept;
"""

# A signature counts when both people are administrators who can act, none of them the one concerned, and neither owes
# that to this very transaction (else three people could raise one another); and when the log has both of their words.
SIGNED = """
CREATE FUNCTION accounts_role_change_is_signed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number_of_people integer;
  said jsonb := jsonb_build_object('kind', NEW.kind, 'role', NEW.role, 'account',
                                   CASE NEW.kind WHEN 'invite' THEN '' ELSE NEW.account_id::text END);
BEGIN
  PERFORM FROM public.accounts_user u
    WHERE u.id IN (NEW.proposed_by_id, NEW.approved_by_id) AND u.id IS DISTINCT FROM NEW.account_id
      AND u.role = 'administrator' AND u.is_active
      AND NOT EXISTS (
        SELECT FROM public.accounts_rolechange c JOIN public.audit_entry e
            ON e.subject_kind = 'role_change' AND e.subject_id = c.id::text
          WHERE c.account_id = u.id AND e.transaction = public.audit_transaction()
            AND e.event IN ('accounts:role-change:approve', 'accounts:role-change:accept'))
    FOR SHARE;
  GET DIAGNOSTICS number_of_people = ROW_COUNT;
  IF number_of_people <> 2 THEN
    RAISE EXCEPTION 'a change of an agency account takes two other administrators' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (SELECT count(DISTINCT e.event) FROM public.audit_entry e
        WHERE e.subject_kind = 'role_change' AND e.subject_id = NEW.id::text
          AND e.outcome = 'done' AND e.actor_kind = 'user' AND e.facts = said
          AND ((e.event = 'accounts:role-change:propose' AND e.actor_id = NEW.proposed_by_id::text)
            OR (e.event = 'accounts:role-change:approve' AND e.actor_id = NEW.approved_by_id::text
                AND e.transaction = public.audit_transaction()))) <> 2 THEN
    RAISE EXCEPTION 'a change of an agency account has its entries' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER accounts_role_change_is_made_signed AFTER INSERT ON accounts_rolechange
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.approved_at IS NOT NULL AND NOT NEW.by_operator)
  EXECUTE FUNCTION accounts_role_change_is_signed();
CREATE CONSTRAINT TRIGGER accounts_role_change_is_signed AFTER UPDATE ON accounts_rolechange
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL AND NOT NEW.by_operator)
  EXECUTE FUNCTION accounts_role_change_is_signed();
ALTER TABLE accounts_rolechange ENABLE ALWAYS TRIGGER accounts_role_change_is_made_signed;
ALTER TABLE accounts_rolechange ENABLE ALWAYS TRIGGER accounts_role_change_is_signed;
"""

# Whether a signed change takes effect in this transaction. It does so once: its entry is of this one and of no other.
# An invitation takes effect when it is accepted, everything else when it is approved. given: the role, "" for none.
TAKES_EFFECT = """
CREATE FUNCTION accounts_takes_effect(account uuid, wanted text, given text, address text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM public.accounts_rolechange c
      WHERE c.account_id = account AND c.kind = wanted AND c.role = given AND c.email = address AND c.state = 'accepted'
        AND (SELECT bool_and(e.transaction = public.audit_transaction()) FROM public.audit_entry e
               WHERE e.subject_kind = 'role_change' AND e.subject_id = c.id::text AND e.outcome = 'done'
                 AND e.event = CASE c.kind WHEN 'invite' THEN 'accounts:role-change:accept'
                                           ELSE 'accounts:role-change:approve' END))
$$;
REVOKE ALL ON FUNCTION accounts_takes_effect(uuid, text, text, text) FROM PUBLIC;
"""

# Each event is looked at when the transaction ends, whatever became of the row in between: a role that was given and
# taken back is a role that was given. Who writes is asked when the row is written (WHEN), so the owner is apart.
ACCOUNTS = """
CREATE FUNCTION accounts_user_takes_two() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
  ELSIF NEW.is_active AND NOT OLD.is_active AND NOT public.accounts_takes_effect(NEW.id, 'enable', '', '') THEN
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
CREATE CONSTRAINT TRIGGER accounts_user_is_made_by_two AFTER INSERT ON accounts_user
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.role NOT IN ('resident', 'business') AND current_user <> 'portal_owner')
  EXECUTE FUNCTION accounts_user_takes_two();
CREATE CONSTRAINT TRIGGER accounts_user_takes_two AFTER UPDATE ON accounts_user
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NOT (OLD.role IN ('resident', 'business') AND NEW.role IN ('resident', 'business'))
        AND (OLD.id <> NEW.id OR OLD.role <> NEW.role OR (NEW.is_active AND NOT OLD.is_active)
             OR (OLD.locked_at IS NOT NULL AND NEW.locked_at IS NULL))
        AND current_user <> 'portal_owner')
  EXECUTE FUNCTION accounts_user_takes_two();
ALTER TABLE accounts_user ENABLE ALWAYS TRIGGER accounts_user_is_made_by_two;
ALTER TABLE accounts_user ENABLE ALWAYS TRIGGER accounts_user_takes_two;
"""

# What proves who an agency person is. They add and remove their own, each with their entry of this transaction, and
# one factor stays; all of them go by two administrators. A secret that is exchanged is one removed and one added.
PROOFS = """
CREATE FUNCTION accounts_own_word(account text, wanted text, proof text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM public.audit_entry e
      WHERE e.subject_kind = 'account' AND e.subject_id = account AND e.outcome = 'done' AND e.event = wanted
        AND e.actor_kind = 'user' AND e.actor_id = account AND e.transaction = public.audit_transaction()
        AND COALESCE(e.facts ->> 'kind', '') = proof)
$$;
REVOKE ALL ON FUNCTION accounts_own_word(text, text, text) FROM PUBLIC;

CREATE FUNCTION accounts_proof_takes_a_word() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
  IF NOT FOUND OR public.accounts_takes_effect(holder, 'reset_factors', '', '') THEN
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
CREATE CONSTRAINT TRIGGER accounts_factor_takes_a_word AFTER INSERT OR DELETE ON mfa_authenticator
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (current_user <> 'portal_owner')
  EXECUTE FUNCTION accounts_proof_takes_a_word();
CREATE CONSTRAINT TRIGGER accounts_factor_keeps_its_secret AFTER UPDATE ON mfa_authenticator
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.user_id, OLD.type, OLD.data - 'name' - 'used_mask')
          IS DISTINCT FROM (NEW.user_id, NEW.type, NEW.data - 'name' - 'used_mask')
        AND current_user <> 'portal_owner')
  EXECUTE FUNCTION accounts_proof_takes_a_word();
CREATE CONSTRAINT TRIGGER accounts_identity_takes_a_word AFTER INSERT OR UPDATE OR DELETE ON accounts_identity
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (current_user <> 'portal_owner')
  EXECUTE FUNCTION accounts_proof_takes_a_word();
ALTER TABLE mfa_authenticator ENABLE ALWAYS TRIGGER accounts_factor_takes_a_word;
ALTER TABLE mfa_authenticator ENABLE ALWAYS TRIGGER accounts_factor_keeps_its_secret;
ALTER TABLE accounts_identity ENABLE ALWAYS TRIGGER accounts_identity_takes_a_word;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("audit", "0006_fillers"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunSQL(part) for part in (KEPT, SIGNED, TAKES_EFFECT, ACCOUNTS, PROOFS)]
