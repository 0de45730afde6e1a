"""Reading one's recovery codes changes no secret: the sign-in library notes in the row when they were first shown."""

from django.db import migrations

# As in 0002, but for the time at which codes were read. Without this, whoever set up a first code app met an error on
# the page of their recovery codes.
SECRETS = """
DROP TRIGGER accounts_factor_keeps_its_secret ON mfa_authenticator;
CREATE CONSTRAINT TRIGGER accounts_factor_keeps_its_secret AFTER UPDATE ON mfa_authenticator
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.user_id, OLD.type, OLD.data - 'name' - 'used_mask' - 'viewed_at')
          IS DISTINCT FROM (NEW.user_id, NEW.type, NEW.data - 'name' - 'used_mask' - 'viewed_at')
        AND current_user <> 'portal_owner')
  EXECUTE FUNCTION accounts_proof_takes_a_word();
ALTER TABLE mfa_authenticator ENABLE ALWAYS TRIGGER accounts_factor_keeps_its_secret;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_suspensions")]
    operations = [migrations.RunSQL(SECRETS)]
