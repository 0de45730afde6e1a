"""Rows of the figures are added and read. Of a doubt alone the application may say that it is over."""

from django.db import migrations

RIGHTS = """
REVOKE UPDATE, DELETE, TRUNCATE ON figures_countedday, figures_dayfigure, figures_monthfigure, figures_figurereport,
    figures_figurereview, figures_figuredoubt FROM portal_app;
GRANT UPDATE (cleared_at) ON figures_figuredoubt TO portal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("figures", "0001_initial")]
    operations = [migrations.RunSQL(RIGHTS)]
