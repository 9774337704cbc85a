#!/bin/sh
# Puts a backup of deploy/backup.sh back. Stop everything first; PostgreSQL databases must be there and empty, SQLite files gone.
#   deploy/restore.sh FOLDER
# Afterwards migrate (`python -m gateway.migrate`, `python -m billing.migrate`) and start.
set -eu
umask 077
here=$(cd "$(dirname "$0")/.." && pwd)
source=${1:?say where from: deploy/restore.sh FOLDER}
for name in gateway billing; do
    case $name in
        gateway) url=${GATEWAY_DATABASE_URL:-sqlite+aiosqlite:///$here/var/gateway.sqlite} ;;
        billing) url=${BILLING_DATABASE_URL:-sqlite+aiosqlite:///$here/var/billing.sqlite} ;;
    esac
    case $url in
        sqlite*)
            file=${url#*:///}
            for left in "$file" "$file-wal" "$file-shm"; do
                [ ! -e "$left" ] || { echo "$left is in the way: move it aside" >&2; exit 1; }
            done
            mkdir -p "$(dirname "$file")"
            cp "$source/$name.sqlite" "$file"
            ;;
        postgresql*)
            pg_restore --no-owner --exit-on-error --single-transaction --dbname="postgresql${url#postgresql+psycopg}" "$source/$name.dump" ;;
        *) echo "$name: neither SQLite nor PostgreSQL" >&2; exit 1 ;;
    esac
done
files=${ATTACHMENTS_FOLDER:-$here/var/attachments}
[ ! -d "$source/attachments" ] || { mkdir -p "$(dirname "$files")" && cp -R "$source/attachments" "$files"; }
echo "restored from $source"
