"""Take the API tokens of rest_framework.authtoken over, hashed, and drop its table with the plain ones.

Programs go on with the token they hold for thirty days from now. Undone, the table is there again but empty: the
plain tokens are nowhere any more.
"""

import datetime as dt
import hashlib

from django.db import migrations
from django.utils import timezone

TABLE = "authtoken_token"
DAYS = 30
COLUMNS = (
    "(key varchar(40) NOT NULL PRIMARY KEY, created {moment} NOT NULL, "
    "user_id bigint NOT NULL UNIQUE REFERENCES people_user (id) DEFERRABLE INITIALLY DEFERRED)"
)


def take_over(apps, schema_editor):
    connection = schema_editor.connection
    if TABLE not in connection.introspection.table_names():
        return  # made after this release
    token = apps.get_model("people", "ApiToken")
    moment = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT key, user_id FROM {TABLE} ORDER BY user_id")  # noqa: S608 (a constant)
        rows = cursor.fetchall()
    token.objects.bulk_create(
        [
            token(
                user_id=user_id,
                name="API",
                digest=hashlib.sha256(key.encode()).hexdigest(),
                prefix=key[:8],
                scopes="exam read write",
                created_at=moment,
                expires_at=moment + dt.timedelta(days=DAYS),
            )
            for key, user_id in rows
        ],
        batch_size=1000,
    )
    if connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is dropped while a check of it waits
    schema_editor.execute(f"DROP TABLE {TABLE}")


def make_table(apps, schema_editor):
    moment = "timestamp with time zone" if schema_editor.connection.vendor == "postgresql" else "datetime"
    schema_editor.execute(f"CREATE TABLE {TABLE} {COLUMNS.format(moment=moment)}")


class Migration(migrations.Migration):
    dependencies = [("people", "0008_api_token")]

    operations = [migrations.RunPython(take_over, make_table)]
