"""人员表: members of staff, licences, titles, posts, dated affiliations."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from sanyi.registry.people.codes import Sex
from sanyi.registry.periods import PeriodsDoNotOverlap
from sanyi.registry.staff.codes import (
    AffiliationKind,
    EmploymentKind,
    LicenceCategory,
    LicenceKind,
    PostKind,
    StaffKind,
    TitleLevel,
)


class StaffMember(models.Model):
    """卫生人员: somebody who works in the county's health system, under one staff number.

    ``insurance_code`` is the code that settlement lists carry (医保医师代码 ``chfpdr_code``, 医保护士代码).
    """

    staff_id = models.CharField("人员编号", max_length=20, primary_key=True)
    name = models.CharField("姓名", max_length=50)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices(), default=Sex.UNKNOWN)
    born_on = models.DateField("出生日期", null=True, blank=True)
    kind = models.CharField("人员类别", max_length=20, choices=StaffKind.choices())
    insurance_code = models.CharField("医保医师（护士、药师）代码", max_length=13, blank=True)
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, blank=True, related_name="staff_records", verbose_name="居民记录"
    )
    employment = models.CharField("用工形式", max_length=10, blank=True, choices=EmploymentKind.choices())
    started_work_on = models.DateField("参加工作日期", null=True, blank=True)
    left_on = models.DateField("离职日期", null=True, blank=True)
    changed_at = models.DateTimeField("变更时间", auto_now=True)

    class Meta:
        ordering = ["staff_id"]
        verbose_name = "卫生人员"
        indexes = [Index(fields=["name", "staff_id"], name="staff_by_name")]  # the list in the order of names
        constraints = [
            CheckConstraint(condition=Q(staff_id__gt="") & Q(name__gt=""), name="staff_has_a_name"),
            UniqueConstraint(
                fields=["insurance_code"], condition=Q(insurance_code__gt=""), name="staff_insurance_code_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.staff_id}"


class Licence(models.Model):
    """执业证: number, category, scope, the institution it is registered at, and until when it is valid."""

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="licences", verbose_name="人员")
    kind = models.CharField("种类", max_length=20, choices=LicenceKind.choices())
    number = models.CharField("证书编码", max_length=30)
    category = models.CharField("执业类别", max_length=16, blank=True, choices=LicenceCategory.choices())
    scope = models.CharField("执业范围", max_length=100, blank=True)
    organisation = models.ForeignKey(
        "registry.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        db_column="organisation_code",
        related_name="licences",
        verbose_name="注册机构",
    )
    valid_from = models.DateField("有效期起", null=True, blank=True)
    valid_until = models.DateField("有效期止（长期有效则空）", null=True, blank=True)
    revoked_on = models.DateField("注销日期", null=True, blank=True)

    class Meta:
        ordering = ["staff", "kind", "number"]
        verbose_name = "执业证"
        indexes = [Index(fields=["valid_until", "id"], name="licence_expiry")]  # licences that end soon
        constraints = [
            UniqueConstraint(fields=["kind", "number"], name="licence_number_once"),
            CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="licence_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Title(models.Model):
    """职称: granted on a day; the latest granted one counts."""

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="titles", verbose_name="人员")
    name = models.CharField("职称名称", max_length=40)
    level = models.CharField("级别", max_length=14, choices=TitleLevel.choices())
    granted_on = models.DateField("取得日期")
    certificate_number = models.CharField("证书编号", max_length=40, blank=True)

    class Meta:
        ordering = ["staff", "-granted_on"]
        verbose_name = "职称"
        constraints = [UniqueConstraint(fields=["staff", "name", "granted_on"], name="title_granted_once")]

    def __str__(self) -> str:
        return self.name


class Affiliation(models.Model):
    """执业关系: where somebody works from a day to a day, both included; several sites at once are possible."""

    staff = models.ForeignKey(
        StaffMember, models.PROTECT, related_name="affiliations", db_index=False, verbose_name="人员"
    )
    organisation = models.ForeignKey(
        "registry.Organisation",
        models.PROTECT,
        db_column="organisation_code",
        related_name="affiliations",
        verbose_name="机构",
    )
    kind = models.CharField("关系", max_length=12, choices=AffiliationKind.choices(), default=AffiliationKind.PRIMARY)
    department_code = models.CharField("科室代码", max_length=20, blank=True)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        ordering = ["staff", "starts_on", "id"]
        verbose_name = "执业关系"
        # Where somebody works; who works at an institution is found by the index of the reference to it. That one must
        # not hold the day as well, or SQLite takes it for each single person of the list of staff.
        indexes = [Index(fields=["staff", "starts_on"], name="affiliation_of_staff")]
        constraints = [
            CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="affiliation_dates_in_order"
            ),
            PeriodsDoNotOverlap(name="affiliation_one_primary", fields=["staff"], condition={"kind": "primary"}),
            PeriodsDoNotOverlap(name="affiliation_once_at_a_time", fields=["staff", "organisation", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} @ {self.organisation_id}"


class Post(models.Model):
    """岗位: what somebody does there (科主任, 护士长, 院长), from a day to a day."""

    affiliation = models.ForeignKey(Affiliation, models.PROTECT, related_name="posts", verbose_name="执业关系")
    name = models.CharField("岗位名称", max_length=60)
    kind = models.CharField("岗位类别", max_length=14, choices=PostKind.choices())
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        ordering = ["affiliation", "starts_on"]
        verbose_name = "岗位"
        constraints = [
            CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="post_dates_in_order"
            ),
            PeriodsDoNotOverlap(name="post_once_at_a_time", fields=["affiliation", "name"]),
        ]

    def __str__(self) -> str:
        return self.name
