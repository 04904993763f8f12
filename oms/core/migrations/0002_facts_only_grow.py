from django.db import migrations

from oms.core.ledgers import FUNCTION, only_grows


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [FUNCTION, only_grows("core_eventrecord")]
