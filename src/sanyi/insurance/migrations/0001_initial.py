import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='BatchGrouping',
            fields=[
                ('batch_number', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='批次号')),
                ('run_number', models.BigIntegerField(null=True, unique=True, verbose_name='作业号')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
            ],
            options={
                'verbose_name': '批次分组',
                'constraints': [models.CheckConstraint(condition=models.Q(('batch_number__gt', 0)), name='batch_grouping_has_batch')],
            },
        ),
        migrations.CreateModel(
            name='ClosedMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_code', models.CharField(max_length=12, verbose_name='县')),
                ('month', models.CharField(max_length=7, verbose_name='出院月份')),
                ('periods', models.JSONField(default=list, verbose_name='适用方案')),
                ('closed_by_name', models.CharField(max_length=80, verbose_name='锁定人')),
                ('closed_at', models.DateTimeField(auto_now_add=True, verbose_name='锁定时间')),
            ],
            options={
                'verbose_name': '已锁定月份',
                'constraints': [models.UniqueConstraint(fields=('county_code', 'month'), name='closed_month_once')],
            },
        ),
        migrations.CreateModel(
            name='SchemeSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_code', models.CharField(max_length=12, verbose_name='县')),
                ('scheme', models.CharField(max_length=40, verbose_name='分组方案')),
                ('starts_on', models.DateField(verbose_name='启用日期')),
                ('case_number', models.CharField(max_length=40, unique=True, verbose_name='办件编号')),
                ('decided_by_name', models.CharField(max_length=80, verbose_name='批准人')),
                ('decided_at', models.DateTimeField(verbose_name='批准时间')),
            ],
            options={
                'verbose_name': '方案启用决定',
                'indexes': [models.Index(fields=['county_code', '-starts_on'], name='switch_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('scheme', ''), _negated=True), models.Q(('case_number', ''), _negated=True)), name='switch_is_decided')],
            },
        ),
        migrations.CreateModel(
            name='SchemeVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True, verbose_name='方案键')),
                ('code', models.CharField(max_length=20, verbose_name='方案代码')),
                ('version', models.CharField(max_length=8, verbose_name='版本号')),
                ('name_zh', models.CharField(max_length=80, verbose_name='方案名称')),
                ('name_en', models.CharField(max_length=80, verbose_name='英文名称')),
                ('jurisdiction', models.CharField(max_length=12, verbose_name='公布地')),
                ('starts_on', models.DateField(verbose_name='拟执行日期')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='拟停止日期')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='文件')),
                ('digest', models.CharField(max_length=64, unique=True, verbose_name='内容摘要')),
                ('mdc_count', models.PositiveIntegerField(verbose_name='MDC 数')),
                ('rule_count', models.PositiveIntegerField(verbose_name='规则数')),
                ('drg_count', models.PositiveIntegerField(verbose_name='DRG 数')),
                ('weight_count', models.PositiveIntegerField(verbose_name='权重数')),
                ('warning_count', models.PositiveIntegerField(verbose_name='提示数')),
                ('imported_by_name', models.CharField(max_length=80, verbose_name='导入人')),
                ('imported_at', models.DateTimeField(auto_now_add=True, verbose_name='导入时间')),
            ],
            options={
                'verbose_name': '方案版本',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='scheme_version_once'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='scheme_version_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='SchemeImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_digest', models.CharField(max_length=64, unique=True, verbose_name='文件摘要')),
                ('file_name', models.CharField(max_length=200, verbose_name='文件名')),
                ('size_bytes', models.PositiveBigIntegerField(verbose_name='文件大小')),
                ('organisation_code', models.CharField(max_length=12, verbose_name='上传机构')),
                ('uploaded_by_name', models.CharField(max_length=80, verbose_name='上传人')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='上传时间')),
                ('run_number', models.BigIntegerField(blank=True, null=True, verbose_name='检查作业')),
                ('findings', models.JSONField(default=list, verbose_name='检查结果')),
                ('error_count', models.PositiveIntegerField(default=0, verbose_name='错误数')),
                ('warning_count', models.PositiveIntegerField(default=0, verbose_name='提示数')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='insurance.schemeversion')),
            ],
            options={
                'verbose_name': '方案导入',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('version__isnull', True), ('error_count', 0), _connector='OR'), name='import_refused_on_errors')],
            },
        ),
        migrations.CreateModel(
            name='SwitchProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_code', models.CharField(max_length=12, verbose_name='县')),
                ('scheme', models.CharField(max_length=40, verbose_name='分组方案')),
                ('starts_on', models.DateField(verbose_name='启用日期')),
                ('run_number', models.BigIntegerField(verbose_name='比较作业')),
                ('is_open', models.BooleanField(default=True, verbose_name='待审批')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='switch_proposal', to='registry.case')),
            ],
            options={
                'verbose_name': '启用提案',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_open', True)), fields=('county_code',), name='switch_proposal_one_open')],
            },
        ),
    ]
