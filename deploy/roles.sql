-- The three logins and the database. Run by psql as a superuser, any number of times: by the
-- launcher on every start, by the production container on its first. None of the logins is a
-- superuser or has BYPASSRLS, and none that the web can use is ever granted the worker.
--
-- Passwords come from the environment; without one a login has no password (socket or peer only).
\set ON_ERROR_STOP on
\set QUIET on

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['cosell_owner', 'cosell_app', 'cosell_worker']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE cosell_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE;
ALTER ROLE cosell_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
ALTER ROLE cosell_worker LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;

-- Data lies on flash or in memory. With the server's default, made for turning disks, lists of a
-- large company would be read from end to end rather than by their indexes.
ALTER ROLE cosell_owner SET random_page_cost = 1.1;
ALTER ROLE cosell_app SET random_page_cost = 1.1;
ALTER ROLE cosell_worker SET random_page_cost = 1.1;

\getenv owner_password COSELL_OWNER_PASSWORD
\getenv app_password COSELL_APP_PASSWORD
\getenv worker_password COSELL_WORKER_PASSWORD
\if :{?owner_password}
ALTER ROLE cosell_owner PASSWORD :'owner_password';
\endif
\if :{?app_password}
ALTER ROLE cosell_app PASSWORD :'app_password';
\endif
\if :{?worker_password}
ALTER ROLE cosell_worker PASSWORD :'worker_password';
\endif

-- Membership without inheritance: nobody gets another one's rows without SET ROLE.
GRANT cosell_app, cosell_worker TO cosell_owner WITH INHERIT FALSE, SET TRUE;
GRANT cosell_app TO cosell_worker WITH INHERIT FALSE, SET TRUE;

SELECT 'CREATE DATABASE cosell OWNER cosell_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'cosell') \gexec

-- Temporary tables are for loading, which is the worker's; the web has none, so that nothing of its
-- own ever stands in the way of a table's name.
REVOKE ALL ON DATABASE cosell FROM PUBLIC;
GRANT CONNECT ON DATABASE cosell TO cosell_app;
GRANT CONNECT, TEMPORARY ON DATABASE cosell TO cosell_worker;
