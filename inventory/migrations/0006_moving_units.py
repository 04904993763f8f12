from django.db import migrations, models

import oms.core.ids

KINDS = [
    ("receive", "Received"),
    ("reserve", "Reserved"),
    ("release", "Released"),
    ("pick", "Picked"),
    ("put_back", "Put back"),
    ("ship", "Shipped"),
    ("restock", "Restocked from a return"),
    ("adjust", "Adjusted"),
    ("count", "Counted"),
    ("move", "Moved to another bin"),
    ("restate", "Held or set free"),
    ("scrap", "Scrapped"),
    ("transfer_out", "Sent to another location"),
    ("transfer_in", "Came from another location"),
]
STATES = [
    ("available", "Available"),
    ("picked", "Picked"),
    ("quality_control", "Quality control"),
    ("damaged", "Damaged"),
    ("quarantine", "Quarantine"),
]


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_what_lies_in_bins")]
    operations = [
        migrations.CreateModel(
            name="Handling",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("key", models.CharField(max_length=64, unique=True)),
                ("kind", models.CharField(choices=KINDS, max_length=16)),
                ("done_by", models.CharField(max_length=160)),
                ("done_at", models.DateTimeField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AlterModelOptions(
            name="bin", options={"permissions": [("keep_bins", "Can keep zones and bins")]}
        ),
        migrations.AlterModelOptions(
            name="lot",
            options={"permissions": [("block_lot", "Can block lots and set them free")]},
        ),
        migrations.AddField(
            model_name="lot",
            name="blocked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="lot",
            name="blocked_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=160),
        ),
        migrations.AddField(
            model_name="lot",
            name="blocked_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="receiptline",
            name="lot",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="receiptline",
            name="state",
            field=models.CharField(
                choices=STATES, db_default="available", default="available", max_length=16
            ),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(("expires_on__isnull", False)),
                fields=["expires_on", "id"],
                name="lot_expiry",
            ),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["code"], name="lot_code", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="movement",
            index=models.Index(
                condition=models.Q(("lot", ""), _negated=True),
                fields=["lot", "id"],
                name="movement_lot",
            ),
        ),
        migrations.AddIndex(
            model_name="quant",
            index=models.Index(fields=["bin"], name="quant_bin"),
        ),
    ]
