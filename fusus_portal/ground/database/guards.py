"""SQL of triggers in migrations, for invariants that no CHECK can hold."""

from collections.abc import Iterable

REFUSED = "USING ERRCODE = 'restrict_violation'"

FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
{body}
$$;
REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;
"""
"""SQL of a trigger's function. No role may execute it: a trigger needs no right, and with one a role could reuse it."""


def function(name: str, body: str) -> str:
    """Return the SQL of a trigger's function. body: DECLARE or BEGIN to END; REFUSED in it becomes the error code."""
    return FUNCTION.format(name=name, body=body.strip().replace("REFUSED", REFUSED))


def trigger(name: str, when: str, does: str, *, only_if: str = "") -> str:
    """Return the SQL of a trigger for each row. when: "BEFORE UPDATE ON table". does: its function, with arguments."""
    condition = f"WHEN ({only_if}) " if only_if else ""
    return f"CREATE TRIGGER {name} {when} FOR EACH ROW {condition}EXECUTE FUNCTION {does};\n"


def checked_at_commit(name: str, when: str, does: str) -> str:
    return (
        f"CREATE CONSTRAINT TRIGGER {name} {when} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {does};\n"
    )


def steps(table: str, taken: Iterable[str]) -> str:
    """Return the SQL that allows a table only these steps, "paid>cancelled" or ">draft", not its former ones."""
    arguments = ", ".join(f"'{step}'" for step in sorted(taken))
    return f"DROP TRIGGER IF EXISTS {table}_steps ON {table};\n" + trigger(
        f"{table}_steps", f"BEFORE INSERT OR UPDATE OF state ON {table}", f"shop_step({arguments})"
    )


def keeps(table: str, *columns: str, once_placed: bool = False) -> str:
    """Return the SQL that makes columns constant, from the start or once the row is no draft."""
    arguments = ", ".join(f"'{column}'" for column in columns)
    condition = "OLD.state <> 'draft'" if once_placed else ""
    return trigger(f"{table}_keeps", f"BEFORE UPDATE ON {table}", f"shop_keeps({arguments})", only_if=condition)


def keeps_once_set(table: str, *columns: str) -> str:
    arguments = ", ".join(f"'{column}'" for column in columns)
    return trigger(f"{table}_keeps_set", f"BEFORE UPDATE ON {table}", f"shop_keeps_set({arguments})")


def never(table: str, what: str) -> str:
    name = f"{table}_never_{what.split(maxsplit=1)[0].lower()}"
    return trigger(name, f"BEFORE {what} ON {table}", "shop_refuse()")


def counted(table: str, *columns: str) -> str:
    """Return the SQL that makes columns of counts start at 0 and lets only triggers change them."""
    moved = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    begun = " OR ".join(f"NEW.{column} <> 0" for column in columns)
    return trigger(
        f"{table}_counts",
        f"BEFORE UPDATE ON {table}",
        "shop_refuse()",
        only_if=f"pg_trigger_depth() = 0 AND ({moved})",
    ) + trigger(f"{table}_counts_from_zero", f"BEFORE INSERT ON {table}", "shop_refuse()", only_if=begun)
