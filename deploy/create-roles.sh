#!/bin/bash
# Gives the database its three logins. The PostgreSQL image runs this on its first start; run it
# again to change the passwords:  docker compose exec database /docker-entrypoint-initdb.d/create-roles.sh
set -eu

for login in OWNER APP WORKER; do
    name="COSELL_${login}_PASSWORD"
    file="${name}_FILE"
    if [ -n "${!file:-}" ]; then
        password="$(cat "${!file}")"
        export "$name=$password"
    fi
    if [ -z "${!name:-}" ]; then
        echo "$name: is not set, and neither is $file." >&2
        exit 1
    fi
done

psql --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --file "${ROLES_SQL:-/deploy/roles.sql}"
