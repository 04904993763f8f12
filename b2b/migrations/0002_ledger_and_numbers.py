from django.db import migrations

from oms.core.ledgers import only_grows


def series(name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE SEQUENCE b2b_{name}_numbers START 1001", f"DROP SEQUENCE b2b_{name}_numbers"
    )


class Migration(migrations.Migration):
    dependencies = [("b2b", "0001_initial"), ("core", "0002_facts_only_grow")]
    operations = [
        only_grows("b2b_creditentry"),
        series("rfq"),
        series("q"),
        series("po"),
    ]
