"""The database's side of a review: a seed is never exchanged, and what was signed stays."""

from django.db import migrations

# Nothing of a review is ever deleted, and a paper is written once.
RIGHTS = """
REVOKE DELETE ON review_reviewweek, review_reviewcard, review_reviewquestion, review_reviewfinding,
  review_alarmaddress FROM portal_app;
REVOKE UPDATE, DELETE ON review_reviewpaper FROM portal_app;
"""

# The seed is bound by its hash in the log; here a change is refused at once. Runs as whoever writes.
KEPT = """
CREATE FUNCTION review_week_is_kept() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (OLD.id, OLD.begins_at, OLD.ends_at, OLD.seed, OLD.seed_hash, OLD.seeded_at)
       IS DISTINCT FROM (NEW.id, NEW.begins_at, NEW.ends_at, NEW.seed, NEW.seed_hash, NEW.seeded_at)
     OR OLD.state = 'signed'
     OR (OLD.state = 'open' AND NEW.state = 'seeded') THEN
    RAISE EXCEPTION 'a seed is not exchanged, and a signed week stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_week_is_kept BEFORE UPDATE ON review_reviewweek
  FOR EACH ROW EXECUTE FUNCTION review_week_is_kept();

CREATE FUNCTION review_card_is_kept() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (OLD.id, OLD.week_id, OLD.place, OLD.kind, OLD.flag, OLD.person, OLD.entries)
       IS DISTINCT FROM (NEW.id, NEW.week_id, NEW.place, NEW.kind, NEW.flag, NEW.person, NEW.entries)
     OR OLD.state <> 'waiting' THEN
    RAISE EXCEPTION 'a card stays what it is, and is decided once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_card_is_kept BEFORE UPDATE ON review_reviewcard
  FOR EACH ROW EXECUTE FUNCTION review_card_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial")]
    operations = [migrations.RunSQL(RIGHTS), migrations.RunSQL(KEPT)]
