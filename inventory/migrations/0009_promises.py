from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0008_transfers")]
    operations: list[object] = []
