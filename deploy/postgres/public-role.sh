#!/bin/sh
# Run once by the image, when the database is made; for an older one, by hand. The role owns nothing: the console and the publisher
# give it what the public's service needs, whenever they start.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --set password="$PUBLIC_POSTGRES_PASSWORD" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE hitonami_public LOGIN PASSWORD :'password';
SQL
