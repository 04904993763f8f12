from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_what_lies_in_bins")]
    operations: list[object] = []
