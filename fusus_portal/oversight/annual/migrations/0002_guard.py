"""A released version and its PDF stay as they are, whoever asks. Of a draft the application changes the text alone."""

from django.db import migrations

RIGHTS = """
REVOKE UPDATE, DELETE, TRUNCATE ON annual_annualreport, annual_annualpaper, annual_annualtext FROM portal_app;
GRANT UPDATE (text, revision, written_by_id, written_at) ON annual_annualtext TO portal_app;
"""

STAYS = """
CREATE TRIGGER annual_report_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON annual_annualreport
  FOR EACH STATEMENT EXECUTE FUNCTION audit_guard.refuse_change();
CREATE TRIGGER annual_paper_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON annual_annualpaper
  FOR EACH STATEMENT EXECUTE FUNCTION audit_guard.refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("annual", "0001_initial"), ("agency", "0002_documents")]
    operations = [migrations.RunSQL(RIGHTS), migrations.RunSQL(STAYS)]
