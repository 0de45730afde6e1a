"""The file of a batch of letters is told to the clerk who opened it, and to nobody by an entry alone."""

from django.db import migrations

# As in 0008_confirmed_places, but that the batch was opened, and by whoever asks. An entry that says so is not enough:
# the application writes entries, and each would have opened the batch once more.
FILE_OF = """
CREATE OR REPLACE FUNCTION registry_letter_file_of(token text, actor_kind text, actor_id text, wanted_sign_in text,
                                                   wanted_batch uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  place text;
BEGIN
  IF public.audit_ticket_is_good(token, 'registry:letters:open', actor_kind, actor_id, wanted_sign_in,
                                 'letter_batch', wanted_batch::text) THEN
    SELECT f.storage_key INTO place FROM public.registry_letter_file f
      JOIN public.registry_letterbatch b ON b.id = f.batch AND b.deleted_at IS NULL
      WHERE f.batch = wanted_batch AND b.opened_by_id::text = actor_id;
  END IF;
  IF place IS NULL THEN
    RAISE EXCEPTION 'no letters without a ticket for opening them' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN place;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0019_open_incidents")]
    operations = [migrations.RunSQL(FILE_OF)]
