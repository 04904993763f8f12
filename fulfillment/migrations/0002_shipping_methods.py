import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import fulfillment.models.carriage
import oms.core.ids
import oms.customers.addresses
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fulfillment', '0001_initial'),
        ('inventory', '0003_supply'),
    ]

    operations = [
        migrations.CreateModel(
            name='Box',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('length_mm', models.PositiveIntegerField()),
                ('width_mm', models.PositiveIntegerField()),
                ('height_mm', models.PositiveIntegerField()),
                ('weight_g', models.PositiveIntegerField(default=0)),
                ('max_weight_g', models.PositiveIntegerField(blank=True, null=True)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name_plural': 'boxes',
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='CarriageRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Carrier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('name', models.CharField(max_length=64)),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=fulfillment.models.carriage.monday_to_friday, size=None)),
            ],
            options={
                'permissions': [('change_carriage', 'Can change carriers, services, rates and boxes')],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='CarrierService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=48, unique=True)),
                ('name', models.CharField(max_length=64)),
                ('methods', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None)),
                ('transit_days', models.PositiveSmallIntegerField(default=2)),
                ('cutoff_time', models.TimeField(blank=True, null=True)),
                ('max_weight_g', models.PositiveIntegerField(blank=True, null=True)),
                ('max_length_mm', models.PositiveIntegerField(blank=True, null=True)),
                ('cm3_per_kg', models.PositiveIntegerField(blank=True, null=True)),
                ('fuel_percent', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=5)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Pickup',
            fields=[
                ('id', oms.core.ids.BlockIdField(serialize=False)),
                ('code', models.CharField(max_length=8)),
                ('ready_at', models.DateTimeField()),
                ('handed_over_at', models.DateTimeField(blank=True, null=True)),
                ('handed_over_by', models.CharField(blank=True, default='', max_length=160)),
                ('proof', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Rate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('up_to_weight_g', models.PositiveIntegerField()),
                ('amount', models.DecimalField(decimal_places=3, max_digits=18)),
                ('per_kg_amount', models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True)),
                ('currency', models.CharField(max_length=3)),
                ('valid_from', models.DateField(default=datetime.date(1, 1, 1))),
                ('valid_until', models.DateField(blank=True, null=True)),
            ],
            options={
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Zone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin_country', models.CharField(blank=True, default='', max_length=2)),
                ('country', models.CharField(blank=True, default='', max_length=2)),
                ('postal_from', models.CharField(blank=True, default='', max_length=10)),
                ('postal_to', models.CharField(blank=True, default='', max_length=10)),
                ('transit_days', models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                'default_permissions': ('view',),
            },
        ),
        migrations.AddField(
            model_name='shipment',
            name='choice',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='shipment',
            name='expected_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='shipment',
            name='freight_amount',
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='shipment',
            name='freight_currency',
            field=models.CharField(blank=True, default='', max_length=3),
        ),
        migrations.AddField(
            model_name='sourcingdecision',
            name='ship_to',
            field=oms.customers.addresses.AddressField(null=True),
        ),
        migrations.AddIndex(
            model_name='shipment',
            index=models.Index(fields=['shipped_at', 'id'], name='shipment_shipped'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.CheckConstraint(condition=models.Q(('freight_amount__isnull', True), models.Q(('freight_currency', ''), _negated=True), _connector='OR'), name='freight_has_a_currency'),
        ),
        migrations.AddField(
            model_name='carrierservice',
            name='carrier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='fulfillment.carrier'),
        ),
        migrations.AddField(
            model_name='pickup',
            name='fulfillment_order',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pickup', to='fulfillment.fulfillmentorder'),
        ),
        migrations.AddField(
            model_name='zone',
            name='origin',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.location'),
        ),
        migrations.AddField(
            model_name='zone',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='zones', to='fulfillment.carrierservice'),
        ),
        migrations.AddField(
            model_name='rate',
            name='zone',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='fulfillment.zone'),
        ),
        migrations.AddConstraint(
            model_name='carrierservice',
            constraint=models.CheckConstraint(condition=models.Q(('cm3_per_kg__isnull', True), ('cm3_per_kg__gt', 0), _connector='OR'), name='service_divisor_divides'),
        ),
        migrations.AddConstraint(
            model_name='carrierservice',
            constraint=models.CheckConstraint(condition=models.Q(('fuel_percent__gte', 0)), name='service_fuel_adds'),
        ),
        migrations.AddIndex(
            model_name='pickup',
            index=models.Index(condition=models.Q(('handed_over_at__isnull', True)), fields=['ready_at', 'id'], name='pickup_waiting'),
        ),
        migrations.AddConstraint(
            model_name='zone',
            constraint=models.UniqueConstraint(fields=('service', 'origin', 'origin_country', 'country', 'postal_from', 'postal_to'), name='one_zone_from_and_to', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='zone',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('postal_from', ''), ('postal_to', '')), models.Q(models.Q(('postal_from', ''), _negated=True), models.Q(('postal_to', ''), _negated=True), models.Q(('country', ''), _negated=True)), _connector='OR'), name='zone_postal_codes_of_a_country'),
        ),
        migrations.AddConstraint(
            model_name='zone',
            constraint=models.CheckConstraint(condition=models.Q(('origin__isnull', True), ('origin_country', ''), _connector='OR'), name='zone_has_one_origin'),
        ),
        migrations.AddConstraint(
            model_name='rate',
            constraint=models.UniqueConstraint(fields=('zone', 'valid_from', 'up_to_weight_g'), name='one_rate_per_weight'),
        ),
        migrations.AddConstraint(
            model_name='rate',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('up_to_weight_g__gt', 0)), name='rate_is_an_amount'),
        ),
        migrations.AddConstraint(
            model_name='rate',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='rate_ends_after_it_begins'),
        ),
    ]
