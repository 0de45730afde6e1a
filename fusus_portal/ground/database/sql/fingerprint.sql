-- Everything about a table that decides what may happen to its rows, as one text: the table, its columns, triggers
-- (with the body of their functions), constraints, the indexes that can refuse or hide rows, rules, policies, children.
-- A plain index is left out: it can be built CONCURRENTLY, past the event trigger, and does no harm.
CREATE SCHEMA IF NOT EXISTS audit_guard;

CREATE OR REPLACE FUNCTION audit_guard.fingerprint(target oid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT concat_ws(E'\n',
    (SELECT format('table %I.%I kind=%s owner=%s rights=%s policies=%s/%s options=%s persistence=%s',
                   n.nspname, c.relname, c.relkind, c.relowner::regrole, c.relacl,
                   c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.relpersistence)
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = target),
    (SELECT string_agg(
              format('column %I %s required=%s dropped=%s identity=%s generated=%s rights=%s default=%s',
                     a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attisdropped,
                     a.attidentity, a.attgenerated, a.attacl, pg_get_expr(d.adbin, d.adrelid)),
              E'\n' ORDER BY a.attnum)
       FROM pg_attribute a
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = target AND a.attnum > 0),
    (SELECT string_agg(
              format('%s enabled=%s function=%s', pg_get_triggerdef(oid), tgenabled, md5(pg_get_functiondef(tgfoid))),
              E'\n' ORDER BY tgname)
       FROM pg_trigger WHERE tgrelid = target AND NOT tgisinternal),
    (SELECT string_agg(format('%I %s', conname, pg_get_constraintdef(oid)), E'\n' ORDER BY conname)
       FROM pg_constraint WHERE conrelid = target),
    (SELECT string_agg(pg_get_indexdef(indexrelid), E'\n' ORDER BY indexrelid::regclass::text)
       FROM pg_index
      WHERE indrelid = target
        AND (indisunique OR indisexclusion OR indexprs IS NOT NULL OR indpred IS NOT NULL)),
    (SELECT string_agg(format('%s enabled=%s', pg_get_ruledef(oid), ev_enabled), E'\n' ORDER BY rulename)
       FROM pg_rewrite WHERE ev_class = target),
    (SELECT string_agg(
              format('policy %I %s %s %s %s', polname, polcmd, polroles,
                     pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)),
              E'\n' ORDER BY polname)
       FROM pg_policy WHERE polrelid = target),
    (SELECT string_agg(format('child %s', inhrelid::regclass), E'\n' ORDER BY inhrelid::regclass::text)
       FROM pg_inherits WHERE inhparent = target))
$$;
