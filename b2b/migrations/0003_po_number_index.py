from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("b2b", "0002_ledger_and_numbers")]
    operations = [
        migrations.AddIndex(
            model_name="purchaseorder",
            index=models.Index(
                fields=["po_number"],
                name="purchase_order_po_number",
                condition=models.Q(("po_number", ""), _negated=True),
            ),
        ),
    ]
