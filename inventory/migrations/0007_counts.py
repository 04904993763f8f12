from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_moving_units")]
    operations: list[object] = []
