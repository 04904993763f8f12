import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import oms.core.ids


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_subscriptions")]
    operations = [
        migrations.CreateModel(
            name="OrderChange",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("number", models.CharField(max_length=40, unique=True)),
                ("status", models.CharField(choices=[("previewed", "Previewed"), ("confirmed", "Confirmed"), ("discarded", "Discarded")], default="previewed", max_length=16)),
                ("version", models.PositiveIntegerField()),
                ("actions", models.JSONField()),
                ("effects", models.JSONField()),
                ("before", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("previewed_by", models.CharField(max_length=160)),
                ("previewed_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, default="", max_length=160)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("order", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="orders.order")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(status__in=["previewed", "confirmed", "discarded"]), name="order_change_status_known"),
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="order",
            options={"permissions": [("place_order", "Can place orders"), ("cancel_order", "Can cancel orders"), ("hold_order", "Can hold orders and release holds"), ("release_fraud_hold", "Can release fraud holds"), ("refund_order", "Can grant refunds")]},
        ),
        migrations.RemoveConstraint(model_name="orderline", name="line_units_add_up"),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(condition=Q(quantity__gte=F("cancelled") + F("backordered") + F("allocated")), name="line_units_add_up"),
        ),
        migrations.AlterField(model_name="hold", name="kind", field=models.CharField(max_length=24)),
        migrations.RemoveIndex(model_name="hold", name="hold_standing"),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(condition=Q(released_at__isnull=True), fields=["kind", "set_at", "id"], name="hold_standing"),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(condition=Q(released_at__isnull=True), fields=["set_at", "id"], name="hold_oldest"),
        ),
    ]
