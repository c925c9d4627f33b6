import django.db.models.deletion
import django.db.models.expressions
import sanyi.exchange.mapping.codes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='MappingQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_code', models.CharField(max_length=12, verbose_name='县')),
                ('kind', models.CharField(choices=[('diagnosis', '疾病诊断'), ('procedure', '手术操作')], max_length=12, verbose_name='编码种类')),
                ('edition', models.CharField(choices=[('insurance_2', '医保版2.0'), ('clinical', '国家临床版（诊断2.0、手术3.0）'), ('insurance_1', '医保版1.0'), ('undeclared', '未说明（逐个识别）')], max_length=16, verbose_name='编码版本')),
                ('code', models.CharField(max_length=40, verbose_name='编码')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='名称')),
                ('is_open', models.BooleanField(default=True, verbose_name='待选定')),
                ('row_count', models.PositiveBigIntegerField(default=0, verbose_name='涉及行数')),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='提出时间')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='mapping_question', to='registry.case')),
            ],
            options={
                'verbose_name': '待选定编码',
                'indexes': [models.Index(fields=['is_open', '-row_count'], name='mapping_question_by_weight')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_open', True)), fields=('county_code', 'kind', 'edition', 'code'), name='mapping_question_once_while_open')],
            },
        ),
        migrations.CreateModel(
            name='CodeChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_code', models.CharField(max_length=12, verbose_name='县')),
                ('kind', models.CharField(choices=[('diagnosis', '疾病诊断'), ('procedure', '手术操作')], max_length=12, verbose_name='编码种类')),
                ('edition', models.CharField(choices=[('insurance_2', '医保版2.0'), ('clinical', '国家临床版（诊断2.0、手术3.0）'), ('insurance_1', '医保版1.0'), ('undeclared', '未说明（逐个识别）')], max_length=16, verbose_name='编码版本')),
                ('code', models.CharField(max_length=40, verbose_name='编码')),
                ('target_code', models.CharField(max_length=40, verbose_name='医保版2.0编码')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                ('chosen_by_name', models.CharField(max_length=80, verbose_name='选定人')),
                ('chosen_at', models.DateTimeField(verbose_name='选定时间')),
                ('replaced_at', models.DateTimeField(blank=True, null=True, verbose_name='改选时间')),
                ('chosen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='exchange.mappingquestion')),
            ],
            options={
                'verbose_name': '已选定编码',
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('county_code', 'kind', 'edition', 'code'), name='code_choice_one_in_force'), models.CheckConstraint(condition=models.Q(('target_code', ''), _negated=True), name='code_choice_has_target'), models.CheckConstraint(condition=models.Q(('replaced_at__isnull', True), ('replaced_at__gte', models.F('chosen_at')), _connector='OR'), name='code_choice_replaced_after_chosen')],
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False, verbose_name='批次号')),
                ('contract', models.CharField(max_length=60, verbose_name='数据约定')),
                ('contract_version', models.CharField(max_length=20, verbose_name='约定版本')),
                ('organisation_code', models.CharField(max_length=12, verbose_name='上报机构')),
                ('file_name', models.CharField(max_length=200, verbose_name='文件名')),
                ('file_kind', models.CharField(blank=True, choices=[('xlsx', 'Excel工作簿（xlsx）'), ('xls', '旧版Excel工作簿（xls）'), ('csv', 'CSV文本'), ('parquet', 'Parquet'), ('json', 'JSON报文')], max_length=10, verbose_name='文件种类')),
                ('size_bytes', models.PositiveBigIntegerField(verbose_name='文件大小')),
                ('file_digest', models.CharField(max_length=64, verbose_name='文件摘要')),
                ('edition', models.CharField(choices=[('insurance_2', '医保版2.0'), ('clinical', '国家临床版（诊断2.0、手术3.0）'), ('insurance_1', '医保版1.0'), ('undeclared', '未说明（逐个识别）')], default=sanyi.exchange.mapping.codes.Edition['INSURANCE_2'], max_length=16, verbose_name='编码版本')),
                ('attempt', models.PositiveSmallIntegerField(default=1, verbose_name='次数')),
                ('received_at', models.DateTimeField(verbose_name='接收时间')),
                ('received_by_name', models.CharField(max_length=80, verbose_name='上传人')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='检查时间')),
                ('worker', models.CharField(blank=True, max_length=120, verbose_name='检查进程')),
                ('run_number', models.BigIntegerField(blank=True, null=True, verbose_name='作业号')),
                ('staging', models.CharField(blank=True, max_length=80, verbose_name='暂存目录')),
                ('content_digest', models.CharField(blank=True, max_length=64, verbose_name='内容摘要')),
                ('row_count', models.PositiveBigIntegerField(default=0, verbose_name='行数')),
                ('new_count', models.PositiveBigIntegerField(default=0, verbose_name='新增')),
                ('changed_count', models.PositiveBigIntegerField(default=0, verbose_name='更正')),
                ('unchanged_count', models.PositiveBigIntegerField(default=0, verbose_name='未变')),
                ('refused_count', models.PositiveBigIntegerField(default=0, verbose_name='拒绝')),
                ('warned_count', models.PositiveBigIntegerField(default=0, verbose_name='存疑')),
                ('report', models.JSONField(default=dict, verbose_name='检查报告')),
                ('provenance', models.JSONField(default=dict, verbose_name='来源')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                ('decided_by_name', models.CharField(blank=True, max_length=80, verbose_name='处理人')),
                ('lake_version', models.BigIntegerField(blank=True, null=True, verbose_name='数据湖版本')),
                ('written_count', models.PositiveBigIntegerField(default=0, verbose_name='入库行数')),
                ('announced_at', models.DateTimeField(blank=True, null=True, verbose_name='通知时间')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='batch', to='registry.case')),
            ],
            options={
                'verbose_name': '数据批次',
                'ordering': ['-number'],
                'indexes': [models.Index(fields=['organisation_code', '-number'], name='batch_by_organisation'), models.Index(fields=['contract', 'organisation_code', 'file_digest'], name='batch_by_file')],
                'constraints': [models.UniqueConstraint(fields=('contract', 'organisation_code', 'file_digest', 'edition', 'attempt'), name='batch_once_per_file_and_attempt'), models.CheckConstraint(condition=models.Q(('row_count', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('new_count'), '+', models.F('changed_count')), '+', models.F('unchanged_count')), '+', models.F('refused_count')))), name='batch_counts_add_up'), models.CheckConstraint(condition=models.Q(('warned_count__lte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('new_count'), '+', models.F('changed_count')), '+', models.F('unchanged_count')))), name='batch_warned_rows_can_enter'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by_name', '')), models.Q(('decided_at__isnull', False), ('decided_by_name__gt', '')), _connector='OR'), name='batch_decision_has_who_and_when'), models.CheckConstraint(condition=models.Q(('written_count', 0), ('lake_version__isnull', False), _connector='OR'), name='batch_written_rows_have_a_version'), models.CheckConstraint(condition=models.Q(('size_bytes__gt', 0), ('attempt__gt', 0)), name='batch_is_not_empty')],
            },
        ),
    ]
