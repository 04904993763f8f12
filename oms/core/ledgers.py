"""Tables that only grow: the database refuses to change or remove what they hold.

A ledger row that was wrong is countered by another one. Migrations name the tables; `verify_books`
proves that the guard stands.
"""

from django.db import migrations

FUNCTION = migrations.RunSQL(
    """
    CREATE OR REPLACE FUNCTION core_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% only grows: counter a row by another one', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END $$
    """,
    "DROP FUNCTION core_only_grows()",
)

STANDING = """
SELECT '{table}' AS ledger
WHERE NOT EXISTS (
    SELECT FROM pg_trigger
    WHERE tgrelid = '{table}'::regclass AND tgname = '{table}_only_grows' AND tgenabled <> 'D'
)
"""
"""The statement that names `table` when its guard is missing or switched off."""


def only_grows(table: str) -> migrations.RunSQL:
    """Return the migration step that lets `table` only grow."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION core_only_grows()",
        f"DROP TRIGGER {table}_only_grows ON {table}",
    )
