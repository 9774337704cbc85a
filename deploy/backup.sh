#!/bin/sh
# Backs up what is worth keeping into a new folder, while everything runs: both databases, and the files of requests.
#   deploy/backup.sh FOLDER
# Reads GATEWAY_DATABASE_URL, BILLING_DATABASE_URL and ATTACHMENTS_FOLDER; without them, what `make run` uses. Needs pg_dump for PostgreSQL.
set -eu
umask 077
here=$(cd "$(dirname "$0")/.." && pwd)
target=${1:?say where to: deploy/backup.sh FOLDER}
[ ! -e "$target" ] || { echo "$target exists already" >&2; exit 1; }
mkdir -p "$target.part"
for name in gateway billing; do
    case $name in
        gateway) url=${GATEWAY_DATABASE_URL:-sqlite+aiosqlite:///$here/var/gateway.sqlite} ;;
        billing) url=${BILLING_DATABASE_URL:-sqlite+aiosqlite:///$here/var/billing.sqlite} ;;
    esac
    case $url in
        sqlite*)
            file=${url#*:///}
            # A copy of the open file would lack what stands in its log.
            "$here/.venv/bin/python" - "$file" "$target.part/$name.sqlite" <<'PYTHON'
import pathlib, sqlite3, sys
source = pathlib.Path(sys.argv[1]).resolve(strict=True)
with sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30) as database:
    database.execute("VACUUM INTO ?", (sys.argv[2],))
PYTHON
            ;;
        postgresql*) pg_dump --format=custom --no-owner --file="$target.part/$name.dump" "postgresql${url#postgresql+psycopg}" ;;
        *) echo "$name: neither SQLite nor PostgreSQL" >&2; exit 1 ;;
    esac
done
files=${ATTACHMENTS_FOLDER:-$here/var/attachments}
[ ! -d "$files" ] || cp -R "$files" "$target.part/attachments"
mv "$target.part" "$target"
echo "backed up to $target"
