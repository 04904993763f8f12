from django.db import migrations

from oms.core.ledgers import only_grows


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("core", "0002_facts_only_grow")]
    operations = [only_grows("orders_moneyentry")]
