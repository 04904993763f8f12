import uuid
from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

import oms.core.ids
import oms.customers.addresses


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_ledger_only_grows"),
    ]
    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("number", models.CharField(max_length=32, unique=True)),
                ("external_id", models.CharField(blank=True, default="", max_length=100)),
                ("customer_external_id", models.CharField(blank=True, default="", max_length=254)),
                ("customer_name", models.CharField(max_length=200)),
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("phone", models.CharField(blank=True, default="", max_length=40)),
                ("language", models.CharField(default="en", max_length=8)),
                ("ship_to", oms.customers.addresses.AddressField()),
                ("bill_to", oms.customers.addresses.AddressField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("paused", "Paused"),
                            ("past_due", "Past due"),
                            ("suspended", "Suspended"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Expired"),
                        ],
                        default="active",
                        max_length=16,
                    ),
                ),
                ("every", models.PositiveSmallIntegerField()),
                (
                    "unit",
                    models.CharField(
                        choices=[("day", "Days"), ("week", "Weeks"), ("month", "Months")],
                        max_length=8,
                    ),
                ),
                ("time_zone", models.CharField(max_length=64)),
                ("starts_on", models.DateField()),
                ("anchor_on", models.DateField()),
                ("anchor_day", models.PositiveSmallIntegerField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("ends_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("paused_until", models.DateField(blank=True, null=True)),
                ("currency", models.CharField(max_length=3)),
                (
                    "price_policy",
                    models.CharField(
                        choices=[
                            ("agreed", "As agreed at the start"),
                            ("current", "The catalog's price of the day"),
                        ],
                        default="agreed",
                        max_length=8,
                    ),
                ),
                ("service", models.CharField(blank=True, default="", max_length=64)),
                (
                    "shipping_amount",
                    models.DecimalField(decimal_places=3, default=Decimal("0"), max_digits=18),
                ),
                (
                    "shipping_tax_amount",
                    models.DecimalField(decimal_places=3, default=Decimal("0"), max_digits=18),
                ),
                ("gateway", models.CharField(default="manual", max_length=32)),
                ("payment_method", models.CharField(default="card", max_length=32)),
                ("payer_reference", models.CharField(blank=True, default="", max_length=100)),
                ("payment_reference", models.CharField(blank=True, default="", max_length=100)),
                ("retries", models.PositiveSmallIntegerField(default=0)),
                ("behind_since", models.DateTimeField(blank=True, null=True)),
                ("wake_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, default="", max_length=300)),
                ("link_revision", models.PositiveSmallIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "permissions": [
                    (
                        "manage_subscription",
                        "Can start, pause, skip, change and cancel subscriptions",
                    ),
                    ("record_payment", "Can record payments of orders"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cycle",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("index", models.PositiveIntegerField()),
                ("due_on", models.DateField()),
                ("due_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("locked", "Locked"),
                            ("placed", "Placed"),
                            ("paid", "Paid"),
                            ("failed", "Failed"),
                            ("retried", "Retried"),
                            ("skipped", "Skipped"),
                        ],
                        default="planned",
                        max_length=16,
                    ),
                ),
                ("is_changed", models.BooleanField(default=False)),
                ("ship_to", oms.customers.addresses.AddressField(blank=True, null=True)),
                (
                    "total_amount",
                    models.DecimalField(decimal_places=3, default=Decimal("0"), max_digits=18),
                ),
                ("notified_at", models.DateTimeField(blank=True, null=True)),
                ("locked_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "order",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cycle",
                        to="orders.order",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cycles",
                        to="orders.subscription",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SubscriptionLine",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("quantity", models.PositiveIntegerField()),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18)),
                (
                    "tax_rate",
                    models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=7),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.sku",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.subscription",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Charge",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("gateway", models.CharField(max_length=32)),
                ("payer_reference", models.CharField(blank=True, default="", max_length=100)),
                ("payment_reference", models.CharField(blank=True, default="", max_length=100)),
                ("method", models.CharField(max_length=32)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("sending", "Sending"),
                            ("in_doubt", "In doubt"),
                            ("succeeded", "Succeeded"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=16,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=3, default=Decimal("0"), max_digits=18),
                ),
                ("currency", models.CharField(max_length=3)),
                ("gateway_reference", models.CharField(blank=True, default="", max_length=100)),
                ("last_error", models.TextField(blank=True, default="")),
                ("asked_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="orders.order",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="orders.cycle",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="charge_of_something"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["asked", "sending", "in_doubt"])),
                        fields=("cycle",),
                        name="one_charge_moves_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "succeeded")),
                        fields=("cycle",),
                        name="one_charge_succeeds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CycleLine",
            fields=[
                ("id", oms.core.ids.BlockIdField(serialize=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("quantity", models.PositiveIntegerField()),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18)),
                (
                    "tax_rate",
                    models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=7),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.cycle",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.sku",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cycle", "position"), name="one_line_per_place_in_cycle"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="delivered_something"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("wake_at__isnull", False)),
                fields=["wake_at", "id"],
                name="subscription_wakes",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["status", "id"], name="subscription_status"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["channel", "id"], name="subscription_channel"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["email"], name="subscription_email"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("problem", ""), _negated=True),
                fields=["id"],
                name="subscription_problem",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("external_id", "channel"),
                name="one_subscription_per_channel_and_external_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["active", "paused", "past_due", "suspended", "cancelled", "expired"],
                    )
                ),
                name="subscription_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("every__gte", 1), ("anchor_day__gte", 1), ("anchor_day__lte", 31)
                ),
                name="subscription_comes_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ("active", "paused", "past_due", "suspended")),
                    ("wake_at__isnull", True),
                    _connector="OR",
                ),
                name="what_has_ended_sleeps",
            ),
        ),
        migrations.AddIndex(
            model_name="cycle",
            index=models.Index(
                condition=models.Q(("status__in", ["planned", "locked"])),
                fields=["due_at", "id"],
                name="cycle_ahead",
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.UniqueConstraint(
                fields=("subscription", "index"), name="one_cycle_per_subscription_and_index"
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["planned", "locked", "skipped"]),
                    ("order__isnull", False),
                    _connector="OR",
                ),
                name="a_placed_cycle_has_its_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionline",
            constraint=models.UniqueConstraint(
                fields=("subscription", "position"), name="one_line_per_place_in_subscription"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="subscribed_to_something"
            ),
        ),
    ]
