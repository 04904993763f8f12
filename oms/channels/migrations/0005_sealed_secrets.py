import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from oms.core.sealing import seal


def seal_secrets(apps, schema_editor):
    """What channels sign with is kept as it was, and in the clear no more."""
    Channel = apps.get_model("channels", "Channel")
    ChannelSecret = apps.get_model("channels", "ChannelSecret")
    for channel in Channel.objects.exclude(secret=""):
        ChannelSecret.objects.create(
            channel=channel,
            sealed=seal(channel.secret.encode(), purpose="channel secret"),
            made_at=timezone.now(),
            made_by="system",
        )


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0004_inbound_messages'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChannelConnection',
            fields=[
                ('channel', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='connection', serialize=False, to='channels.channel')),
                ('base_url', models.CharField(blank=True, default='', max_length=2000)),
                ('options', models.JSONField(default=dict)),
                ('names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('sealed', models.TextField(blank=True, default='')),
                ('is_on', models.BooleanField(default=True)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='ChannelSecret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=200)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secrets', to='channels.channel')),
            ],
        ),
        migrations.RunPython(seal_secrets, migrations.RunPython.noop),
    ]
