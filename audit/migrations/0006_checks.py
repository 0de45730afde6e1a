"""The checks of the ledger read the queue and the cameras' counters, as the application signs in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_expiry")]
    operations = [migrations.RunSQL("GRANT SELECT ON audit_pending, audit_counter TO portal_app")]
