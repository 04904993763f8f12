import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_from_companies(apps, schema_editor):
    """What was submitted before is the sale of the rep whose account the company is."""
    companies = apps.get_model("b2b", "Company").objects.filter(pk=OuterRef("company"))
    apps.get_model("b2b", "PurchaseOrder").objects.filter(submitted_at__isnull=False).update(
        sales_rep=Subquery(companies.values("sales_rep")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [
        ("b2b", "0003_po_number_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="purchaseorder",
            name="sales_rep",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(take_from_companies, migrations.RunPython.noop, elidable=True),
    ]
