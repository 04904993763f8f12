from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0002_facts_only_grow")]
    operations = [
        migrations.AlterModelOptions(
            name="eventrecord",
            options={"permissions": [("view_reports", "Can see reports")]},
        ),
    ]
