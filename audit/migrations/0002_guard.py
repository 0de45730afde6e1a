"""The database's side of the log: who may write what, stamps, numbers, tickets, indexes, and the seal.

The guard schema with `refuse_change()` and `seal()` is the database administrator's (`manage.py bootstrapdb`).
"""

from django.db import migrations

# What the application never writes. The sealer's queue holds what waits a fraction of a second, so it needs no index.
# A camera's counter is nearly always updated, and in pages that are half full that moves no index. The checks of the
# ledger read both, as the application signs in.
TABLES = """
CREATE TABLE audit_counter (camera uuid PRIMARY KEY, last bigint NOT NULL CHECK (last > 0)) WITH (fillfactor = 50);
CREATE TABLE audit_pending (entry bigint NOT NULL)
    WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
CREATE TABLE audit_ticket (
    digest bytea PRIMARY KEY,
    entry bigint NOT NULL UNIQUE,
    event text NOT NULL,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    sign_in text NOT NULL,
    subject_kind text NOT NULL,
    subject_id text NOT NULL,
    expires_at timestamptz NOT NULL
);
REVOKE ALL ON audit_counter, audit_pending, audit_ticket FROM portal_app;
GRANT SELECT ON audit_pending, audit_counter TO portal_app;
GRANT SELECT, DELETE ON audit_pending TO portal_sealer;
"""

# Facts are one flat object of texts and of whole numbers that every reader of JSON can hold.
ENTRIES = """
ALTER TABLE audit_entry ADD COLUMN transaction xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE audit_entry ADD COLUMN db_role text NOT NULL DEFAULT session_user::text;
ALTER TABLE audit_entry ADD CONSTRAINT audit_entry_actor_named CHECK (actor_kind = 'visitor' OR actor_id <> '');
ALTER TABLE audit_entry ADD CONSTRAINT audit_entry_facts_plain CHECK (
    jsonb_typeof(facts) = 'object' AND octet_length(facts::text) <= 16384 AND NOT jsonb_path_exists(facts,
        'strict $.* ? (@.type() != "string" && (@.type() != "number" || @ != @.floor() || @ > 9007199254740991 || @ < -9007199254740991))'));
"""

RIGHTS = """
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM portal_app;

REVOKE ALL ON audit_entry, audit_detail FROM portal_app;
REVOKE ALL ON SEQUENCE audit_entry_id_seq FROM portal_app;
GRANT USAGE ON SEQUENCE audit_entry_id_seq TO portal_app;
GRANT SELECT ON audit_entry, audit_detail TO portal_app, portal_sealer;
GRANT INSERT (event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in, subject_kind, subject_id,
              incident_id, camera_id, offence_type, premises_type, area, facts,
              reason_digest, address_digest, agent_digest)
    ON audit_entry TO portal_app;
GRANT INSERT (digest, kind, salt, text, incident_id) ON audit_detail TO portal_app;
"""

INDEXES = """
CREATE UNIQUE INDEX audit_entry_camera ON audit_entry (camera_id, camera_number) WHERE camera_id IS NOT NULL;
CREATE INDEX audit_entry_incident ON audit_entry (incident_id, id) WHERE incident_id IS NOT NULL;
CREATE INDEX audit_entry_actor ON audit_entry (hashtext(actor_id), id);
CREATE INDEX audit_entry_subject ON audit_entry (subject_kind, subject_id, id) WHERE subject_kind <> 'camera';
CREATE INDEX audit_entry_at ON audit_entry USING brin (at) WITH (pages_per_range = 16);
"""

# What lets the auditors' console search: two indexes of a byte an entry. Both are BRIN: for each stretch of the table
# they hold its bounds and, as a bloom filter, which words occur in it, so a search for a rare event, area or address
# reads the few stretches that may hold it. They are neither unique nor partial, so the seal of the log does not mind
# them.
SEARCH = """
CREATE INDEX audit_entry_search ON audit_entry USING brin (
    id,
    event text_bloom_ops (n_distinct_per_range = 200),
    outcome text_bloom_ops (n_distinct_per_range = 16),
    actor_role text_bloom_ops (n_distinct_per_range = 16),
    subject_kind text_bloom_ops (n_distinct_per_range = 50),
    area text_bloom_ops (n_distinct_per_range = 200),
    offence_type text_bloom_ops (n_distinct_per_range = 100),
    sign_in text_bloom_ops (n_distinct_per_range = 400)
) WITH (pages_per_range = 128, autosummarize = on);
CREATE INDEX audit_detail_search ON audit_detail USING brin (
    at,
    text text_bloom_ops (n_distinct_per_range = 2000)
) WITH (pages_per_range = 64, autosummarize = on);
"""

# One trigger for all that the database itself writes: the time, the 128 random bits that keep a public hash
# from being guessed, the camera's next number, and the place in the sealer's queue. Rows of one statement are
# inserted in the order given, so callers that sort by camera lock the counters in one order.
STAMP = """
CREATE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.at := clock_timestamp();
  NEW.transaction := pg_current_xact_id();
  NEW.db_role := session_user;
  NEW.nonce := substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) FOR 16);
  NEW.camera_number := 0;
  IF NEW.camera_id IS NOT NULL THEN
    INSERT INTO public.audit_counter AS counter (camera, last) VALUES (NEW.camera_id, 1)
      ON CONFLICT (camera) DO UPDATE SET last = counter.last + 1
      RETURNING last INTO NEW.camera_number;
  END IF;
  INSERT INTO public.audit_pending (entry) VALUES (NEW.id);
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION audit_stamp() FROM PUBLIC;
"""

# A ticket is given for an entry that an earlier transaction committed. pg_current_xact_id() is the top-level
# transaction's, so an entry written in a savepoint of this one does not pass; an entry rolled back isn't there.
TICKETS = """
CREATE FUNCTION audit_open_ticket(entry_id bigint, wanted_event text, kind text, id text, wanted_sign_in text,
                                  wanted_subject_kind text, wanted_subject_id text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  token text := encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'hex');
BEGIN
  PERFORM 1 FROM public.audit_entry e
    WHERE e.id = entry_id AND e.event = wanted_event AND e.outcome = 'done'
      AND e.actor_kind = kind AND e.actor_id = audit_open_ticket.id AND e.sign_in = wanted_sign_in
      AND e.subject_kind = wanted_subject_kind AND e.subject_id = wanted_subject_id
      AND e.transaction <> pg_current_xact_id()
      AND e.at > clock_timestamp() - interval '60 seconds';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no committed entry of this view' USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM public.audit_ticket t WHERE t.expires_at < clock_timestamp() - interval '1 day';
  INSERT INTO public.audit_ticket (digest, entry, event, actor_kind, actor_id, sign_in, subject_kind, subject_id, expires_at)
    VALUES (sha256(convert_to(token, 'UTF8')), entry_id, wanted_event, kind, audit_open_ticket.id, wanted_sign_in,
            wanted_subject_kind, wanted_subject_id, clock_timestamp() + interval '10 minutes');
  RETURN token;
END $$;

CREATE FUNCTION audit_ticket_is_good(token text, wanted_event text, kind text, id text, wanted_sign_in text,
                                     wanted_subject_kind text, wanted_subject_id text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM public.audit_ticket t
      WHERE t.digest = sha256(convert_to(token, 'UTF8')) AND t.event = wanted_event
        AND t.actor_kind = kind AND t.actor_id = $4 AND t.sign_in = wanted_sign_in
        AND t.subject_kind = wanted_subject_kind AND t.subject_id = wanted_subject_id
        AND t.expires_at > clock_timestamp())
$$;
REVOKE ALL ON FUNCTION audit_open_ticket(bigint, text, text, text, text, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_ticket_is_good(text, text, text, text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_open_ticket(bigint, text, text, text, text, text, text) TO portal_app;
"""

SEAL = """
CREATE TRIGGER audit_stamp BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_stamp();
CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_guard.refuse_change();
CREATE TRIGGER audit_detail_refuse BEFORE UPDATE OR TRUNCATE ON audit_detail
    FOR EACH STATEMENT EXECUTE FUNCTION audit_guard.refuse_change();
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_stamp;
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_refuse;
ALTER TABLE audit_detail ENABLE ALWAYS TRIGGER audit_detail_refuse;
SELECT audit_guard.seal('audit_entry');
"""


class Migration(migrations.Migration):
    replaces = [("audit", "0006_checks"), ("audit", "0008_search")]
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(part) for part in (TABLES, ENTRIES, RIGHTS, INDEXES, SEARCH, STAMP, TICKETS, SEAL)]
