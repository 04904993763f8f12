from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="sku",
            name="picture",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
    ]
