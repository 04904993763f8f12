import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_sku_picture'),
        ('channels', '0002_initial'),
        ('inventory', '0008_transfers'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChannelBuffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('units', models.PositiveIntegerField()),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels.channel')),
                ('sku', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('channel', 'sku'), name='one_buffer_per_channel_and_sku', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('units__gt', 0), ('sku__isnull', False), _connector='OR'), name='buffer_says_something')],
            },
        ),
    ]
