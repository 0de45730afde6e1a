"""Owners whose rule gave a clip and who were asked after all before that had its column: nobody asks them twice.

They were asked when the CORE had no recording, or when a further clip was asked for that no rule gave. A clip that is
late was no act, so nobody has asked its owner yet, and the clock still does.
"""

from django.db import migrations

KNOWN = """
UPDATE registry_footagerequest r SET asked_after_all_at = c.asked_at
  FROM (
    SELECT request_id, min(CASE WHEN by_rule THEN over_at ELSE asked_at END) AS asked_at
    FROM integration_clip
    WHERE state = 'failed' OR NOT by_rule
    GROUP BY request_id
  ) c
  WHERE c.request_id = r.id AND r.state = 'sent' AND r.asked_after_all_at IS NULL
    AND EXISTS (SELECT FROM integration_clip g WHERE g.request_id = r.id AND g.by_rule)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("integration", "0011_clips_looked_at"),
        ("registry", "0026_asked_after_all"),
    ]

    operations = [
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
