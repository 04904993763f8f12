from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0001_initial")]
    operations = []
