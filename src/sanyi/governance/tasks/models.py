"""督查督办模型: tasks with their units' shares, links, rounds, findings, packs, milestones, quarterly problems."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sanyi.governance.tasks.codes import Cycle, Draw, Light, Origin, PackKind, Receiver

NAME_LENGTH, CODE_LENGTH = 80, 64


class Task(models.Model):
    """督办任务: one task of a document, or one period of it; its case says where it stands.

    ``organisation_code`` is the county that runs it. A recurring task has one row per period; ``series`` is the first.
    ``light`` is what the rule gave on ``lighted_on``; it is refreshed on the first look of each day.
    """

    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="supervision_task")
    number = models.CharField("编号", max_length=32, unique=True)
    organisation_code = models.CharField("主管县", max_length=CODE_LENGTH)
    origin = models.CharField("来源", max_length=12, choices=Origin.choices())
    document_id = models.CharField("文件标识", max_length=CODE_LENGTH, blank=True, default="")
    document_number = models.CharField("文号", max_length=60, blank=True, default="")
    document_title = models.CharField("文件名称", max_length=200, blank=True, default="")
    jurisdiction_code = models.CharField("发文地区", max_length=12)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    clause = models.CharField("条款", max_length=60, blank=True, default="")
    ordinal = models.PositiveIntegerField("条内序号", default=1)
    title = models.CharField("任务内容", max_length=200)
    quote = models.CharField("原文引注", max_length=60, blank=True, default="")
    target_summary = models.CharField("目标", max_length=300, blank=True, default="")
    targets = models.JSONField("目标明细", default=list)
    indicator_code = models.CharField("指标代码", max_length=CODE_LENGTH, blank=True, default="")
    lead_unit = models.CharField("牵头单位", max_length=60)
    cycle = models.CharField("周期", max_length=12, choices=Cycle.choices(), default=Cycle.ONCE)
    cycle_month = models.PositiveSmallIntegerField("每年截止月份", default=12)
    period = models.CharField("期次", max_length=8, blank=True, default="")
    series = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="periods")
    due_on = models.DateField("办理期限", null=True, blank=True)
    light = models.CharField("亮灯", max_length=6, choices=Light.choices(), default=Light.GREY)
    lighted_on = models.DateField("亮灯日期", null=True, blank=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "督办任务"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_code", "document_id", "clause", "ordinal", "period"],
                condition=~Q(document_id=""),
                name="task_once_per_clause_and_period",
            ),
            models.UniqueConstraint(
                fields=["series", "period"], condition=Q(series__isnull=False), name="task_period_once_per_series"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(lead_unit=""), name="task_is_complete"),
            models.CheckConstraint(condition=Q(cycle_month__range=(1, 12)), name="task_cycle_month"),
        ]
        indexes = [
            models.Index(fields=["organisation_code", "light", "due_on"], name="task_by_light"),  # the board
            models.Index(fields=["lighted_on"], name="task_by_lighted_on"),  # which lights are of yesterday?
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class TaskUnit(models.Model):
    """责任单位: one unit's share in a task; the lead stands first. Without an organisation it waits for a choice.

    ``case`` is there once the task is assigned. ``typed_percent`` is what the unit typed, where nothing is computed.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="units")
    position = models.PositiveSmallIntegerField("次序")
    name = models.CharField("单位名称", max_length=60)
    is_lead = models.BooleanField("牵头", default=False)
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, null=True, blank=True, related_name="+", db_column="unit_code"
    )
    case = models.OneToOneField("registry.Case", models.PROTECT, null=True, blank=True, related_name="task_unit")
    due_on = models.DateField("办理期限", null=True, blank=True)
    sign_due_on = models.DateField("签收期限", null=True, blank=True)
    is_sign_due_assumed = models.BooleanField("签收期限系推算", default=False)
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    filed_at = models.DateTimeField("报送时间", null=True, blank=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    verified_at = models.DateTimeField("核验时间", null=True, blank=True)
    extension_count = models.PositiveSmallIntegerField("已延期次数", default=0)
    wanted_on = models.DateField("申请延至", null=True, blank=True)
    typed_percent = models.PositiveSmallIntegerField("填报进度", null=True, blank=True)
    reminded_days = models.PositiveSmallIntegerField("已提醒（剩余天数）", null=True, blank=True)

    class Meta:
        verbose_name = "责任单位"
        ordering = ["task", "position"]
        constraints = [
            models.UniqueConstraint(fields=["task", "name"], name="task_unit_once"),
            models.UniqueConstraint(fields=["task", "position"], name="task_unit_in_order"),
            models.UniqueConstraint(fields=["task"], condition=Q(is_lead=True), name="task_has_one_lead"),
            models.CheckConstraint(
                condition=Q(typed_percent__isnull=True) | Q(typed_percent__lte=100), name="task_unit_percent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitChoice(models.Model):
    """单位对应: which organisation of this county a unit's printed name means, chosen by a person and remembered."""

    county_code = models.CharField("县", max_length=CODE_LENGTH)
    name = models.CharField("单位名称", max_length=60)
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, related_name="+", db_column="unit_code")
    reason = models.CharField("理由", max_length=200, blank=True, default="")
    chosen_by_name = models.CharField("选定人", max_length=NAME_LENGTH)
    chosen_at = models.DateTimeField("选定时间")
    replaced_at = models.DateTimeField("改选时间", null=True, blank=True)

    class Meta:
        verbose_name = "单位对应"
        constraints = [
            models.UniqueConstraint(
                fields=["county_code", "name"], condition=Q(replaced_at__isnull=True), name="unit_choice_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.organisation_id}"


class TaskLink(models.Model):
    """上下级任务: a task of a lower document hangs below one of a higher, as a person has recorded."""

    parent = models.ForeignKey(Task, models.PROTECT, related_name="below")
    child = models.ForeignKey(Task, models.PROTECT, related_name="above")
    basis = models.CharField("依据", max_length=200, blank=True, default="")
    linked_by_name = models.CharField("关联人", max_length=NAME_LENGTH)
    linked_at = models.DateTimeField("关联时间", auto_now_add=True)

    class Meta:
        verbose_name = "上下级任务"
        constraints = [
            models.UniqueConstraint(fields=["parent", "child"], name="task_link_once"),
            models.CheckConstraint(condition=~Q(parent=F("child")), name="task_link_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} < {self.parent_id}"


class Round(models.Model):
    """督查轮次: tasks drawn by a rule, looked at on the spot, with findings."""

    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="supervision_round")
    number = models.CharField("编号", max_length=32, unique=True)
    organisation_code = models.CharField("主管县", max_length=CODE_LENGTH)
    title = models.CharField("名称", max_length=120)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    draw = models.CharField("抽取方式", max_length=8, choices=Draw.choices())
    seed = models.CharField("抽取种子", max_length=40, blank=True, default="")
    sample_count = models.PositiveIntegerField("抽取数量", null=True, blank=True)
    unit = models.ForeignKey("registry.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    tasks = models.ManyToManyField(Task, related_name="rounds")

    class Meta:
        verbose_name = "督查轮次"
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="round_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    """督查发现的问题: of one task and unit, to be rectified by a day; its case says whether it was."""

    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="supervision_finding")
    number = models.CharField("编号", max_length=32, unique=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="findings")
    task = models.ForeignKey(Task, models.PROTECT, related_name="findings")
    unit = models.ForeignKey(TaskUnit, models.PROTECT, related_name="findings")
    text = models.CharField("问题", max_length=400)
    due_on = models.DateField("整改期限")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "督查发现的问题"
        ordering = ["number"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="finding_says_something")]

    def __str__(self) -> str:
        return self.number


class Pack(models.Model):
    """评估包: tasks, evidence, targets and lights on a day, frozen; ``digest`` is the SHA-256 of ``content``."""

    number = models.CharField("编号", max_length=32, unique=True)
    organisation_code = models.CharField("主管县", max_length=CODE_LENGTH)
    kind = models.CharField("种类", max_length=8, choices=PackKind.choices())
    title = models.CharField("名称", max_length=120)
    as_of = models.DateField("截至日期")
    document_number = models.CharField("文号", max_length=60, blank=True, default="")
    task_count = models.PositiveIntegerField("任务数")
    content = models.TextField("内容")
    digest = models.CharField("摘要", max_length=64)
    frozen_by_name = models.CharField("冻结人", max_length=NAME_LENGTH)
    frozen_at = models.DateTimeField("冻结时间")

    class Meta:
        verbose_name = "评估包"
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.title


class Milestone(models.Model):
    """节点目标: what is to stand on a day (2025, 2030, 2035); its progress is that of the tasks due by then."""

    organisation_code = models.CharField("主管县", max_length=CODE_LENGTH)
    title = models.CharField("节点目标", max_length=200)
    due_on = models.DateField("日期")
    document_number = models.CharField("文号", max_length=60, blank=True, default="")
    clause = models.CharField("条款", max_length=60, blank=True, default="")

    class Meta:
        verbose_name = "节点目标"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_code", "title", "due_on", "document_number"], name="milestone_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class QuarterReport(models.Model):
    """季度报告: what one institution reported for one quarter: problems, or that there are none."""

    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    has_problems = models.BooleanField("有问题")
    reported_by_name = models.CharField("报告人", max_length=NAME_LENGTH)
    reported_at = models.DateTimeField("报告时间")

    class Meta:
        verbose_name = "季度报告"
        constraints = [models.UniqueConstraint(fields=["organisation", "quarter"], name="quarter_report_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.quarter}"


class Problem(models.Model):
    """季度问题: a difficulty, problem or suggestion of an institution, for one of the two departments."""

    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="quarterly_problem")
    number = models.CharField("编号", max_length=32, unique=True)
    report = models.ForeignKey(QuarterReport, models.PROTECT, related_name="problems")
    receiver = models.CharField("受理部门", max_length=12, choices=Receiver.choices())
    topic = models.CharField("类别", max_length=20)
    text = models.CharField("问题", max_length=1000)
    handler = models.ForeignKey("registry.Organisation", models.PROTECT, related_name="+")
    section = models.CharField("承办科室", max_length=60, blank=True, default="")
    answer = models.TextField("答复", blank=True, default="")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "季度问题"
        ordering = ["-number"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="problem_says_something")]

    def __str__(self) -> str:
        return self.number
