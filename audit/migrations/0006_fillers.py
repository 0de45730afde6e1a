"""What fillers need of the database, and numbers of transactions that do not count them (docs/decisions/audit/fillers.md)."""

from django.db import migrations

# A filler has a number of the log, and no row in it.
NUMBERS = "GRANT USAGE ON SEQUENCE audit_entry_id_seq TO portal_sealer;"

# A receipt holds the bytes of its entry, and so the number of its transaction. PostgreSQL counts every transaction that
# writes: from two receipts one could read how much was done between them. An entry now holds 52 bits of a
# hash of that number, with a key of this database. Entries of one transaction share it as before, and a ticket compares
# it as before. The key is in the functions themselves: in that of the log it is under the seal. What else asks
# whether an entry is of its own transaction calls audit_transaction().
TRANSACTIONS = """
SELECT audit_guard.unseal_empty('audit_entry');
DO $$
DECLARE
  key text := encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'hex');
  hashed text := format(
    $f$('x' || left(encode(sha256(convert_to(%L || pg_current_xact_id()::text, 'UTF8')), 'hex'), 13))$f$
    || '::bit(52)::bigint::text::xid8', key);
  changed regprocedure;
BEGIN
  FOREACH changed IN ARRAY ARRAY['audit_stamp()',
      'audit_open_ticket(bigint, text, text, text, text, text, text)']::regprocedure[] LOOP
    EXECUTE replace(pg_get_functiondef(changed), 'pg_current_xact_id()', hashed);
  END LOOP;
  EXECUTE format('CREATE FUNCTION audit_transaction() RETURNS xid8 LANGUAGE sql STABLE '
    'SET search_path = pg_catalog, pg_temp AS %L', 'SELECT ' || hashed);
  REVOKE ALL ON FUNCTION audit_transaction() FROM PUBLIC;
END $$;
SELECT audit_guard.seal('audit_entry');
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_form_of_entries")]
    operations = [migrations.RunSQL(NUMBERS), migrations.RunSQL(TRANSACTIONS)]
