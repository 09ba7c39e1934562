"""What every later table relies on: extensions, default privileges, text folding for search."""

from django.db import migrations

# Names of other companies and customers carry accents and Polish letters; people type without them.
# unaccent() alone is only STABLE, because its dictionary could change; naming the dictionary and
# wrapping it is the documented way to index it.
FOLD = """
CREATE FUNCTION public.fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$
"""

PRIVILEGES = """
GRANT USAGE ON SCHEMA public TO cosell_app, cosell_worker;
GRANT SELECT ON django_migrations TO cosell_app, cosell_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO cosell_app, cosell_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO cosell_app, cosell_worker;
"""

NO_PRIVILEGES = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM cosell_app, cosell_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM cosell_app, cosell_worker;
"""

EXTENSIONS = ("btree_gin", "citext", "pg_trgm", "unaccent")


class Migration(migrations.Migration):
    initial = True
    # Default privileges reach only tables that are created after them.
    run_before = [
        ("contenttypes", "0001_initial"),
        ("auth", "0001_initial"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            [f"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA public" for name in EXTENSIONS],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(FOLD, "DROP FUNCTION public.fold(text)"),
        migrations.RunSQL(PRIVILEGES, NO_PRIVILEGES),
    ]
