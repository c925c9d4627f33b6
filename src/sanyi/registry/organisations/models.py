"""机构表: organisations, medical groups, dated memberships."""

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils import timezone

from sanyi.registry.organisations.codes import (
    HospitalClass,
    HospitalLevel,
    MembershipRole,
    OrganisationKind,
    Ownership,
    UnitNature,
)
from sanyi.registry.periods import PeriodsDoNotOverlap
from sanyi.registry.places.codes import PositionBasis


class StampedQuerySet(models.QuerySet[Any]):
    """带变更时间的查询: a change of many rows at once is stamped as well; the tree in memory is told by the stamps."""

    def update(self, **values: Any) -> int:
        """批量更新."""
        return super().update(**{"changed_at": timezone.now(), **values})


class Organisation(models.Model):
    """机构: an institution, bureau or group under its 12-character code.

    ``parent`` is the unit that administers it (a branch and a village clinic hang under their township hospital);
    membership in a medical group is a separate, dated relation and changes nothing in this row (G01-02).
    """

    code = models.CharField("机构代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=24, choices=OrganisationKind.choices())
    hospital_level = models.CharField(
        "级别", max_length=1, default=HospitalLevel.UNGRADED, choices=HospitalLevel.choices()
    )
    hospital_class = models.CharField(
        "等次", max_length=1, default=HospitalClass.UNGRADED, choices=HospitalClass.choices()
    )
    ownership = models.CharField("举办主体", max_length=20, default=Ownership.GOVERNMENT, choices=Ownership.choices())
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        db_column="parent_code",
        verbose_name="上级机构",
    )
    place = models.ForeignKey(
        "registry.Place", models.PROTECT, null=True, blank=True, db_column="place_code", verbose_name="所在区划"
    )
    address = models.CharField("地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    longitude_e6 = models.IntegerField("经度（百万分之一度）", null=True, blank=True)
    latitude_e6 = models.IntegerField("纬度（百万分之一度）", null=True, blank=True)
    position_basis = models.CharField("坐标依据", max_length=16, blank=True, choices=PositionBasis.choices())
    is_legal_entity = models.BooleanField("独立法人", default=True)
    legal_representative_name = models.CharField("法定代表人", max_length=50, blank=True)
    unit_nature = models.CharField("单位性质", max_length=16, blank=True, choices=UnitNature.choices())
    funding_channel_name = models.CharField("财政投入渠道", max_length=100, blank=True)
    staff_quota_count = models.PositiveIntegerField("编制数", null=True, blank=True)
    approved_bed_count = models.PositiveIntegerField("核定床位", null=True, blank=True)
    open_bed_count = models.PositiveIntegerField("开放床位", null=True, blank=True)
    social_credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    licence_number = models.CharField("执业许可证登记号", max_length=30, blank=True)
    licence_starts_on = models.DateField("许可证有效期起", null=True, blank=True)
    licence_ends_on = models.DateField("许可证有效期止", null=True, blank=True)
    opened_on = models.DateField("成立日期", null=True, blank=True)
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    changed_at = models.DateTimeField("变更时间", auto_now=True)

    objects = StampedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = "机构"
        indexes = [
            Index(fields=["name", "code"], name="organisation_name"),  # the list in the order of names
            Index(fields=["kind", "code"], name="organisation_kind"),  # the list of one kind
            Index(fields=["changed_at"], name="organisation_changed"),  # is the cached tree still true?
        ]
        constraints = [
            CheckConstraint(condition=Q(code__gt=""), name="organisation_has_a_code"),
            CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("code")), name="organisation_is_not_its_own_parent"
            ),
            CheckConstraint(
                condition=Q(longitude_e6__isnull=True, latitude_e6__isnull=True, position_basis="")
                | Q(
                    longitude_e6__range=(-180_000_000, 180_000_000),
                    latitude_e6__range=(-90_000_000, 90_000_000),
                    position_basis__gt="",
                ),
                name="organisation_position_is_whole",
            ),
            CheckConstraint(
                condition=Q(licence_ends_on__isnull=True) | Q(licence_ends_on__gte=F("licence_starts_on")),
                name="organisation_licence_dates_in_order",
            ),
            CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="organisation_closed_after_opened",
            ),
            UniqueConstraint(
                fields=["social_credit_code"],
                condition=Q(social_credit_code__gt="", is_legal_entity=True),
                name="organisation_social_credit_code_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """简称: the short name where there is one."""
        return self.short_name or self.name

    @property
    def kind_label(self) -> str:
        """类别: in Chinese."""
        return OrganisationKind(self.kind).zh

    @property
    def grade_label(self) -> str:
        """等级: 二级甲等, 一级, 未定级."""
        level = HospitalLevel(self.hospital_level)
        graded = self.hospital_class != HospitalClass.UNGRADED
        return level.zh + (HospitalClass(self.hospital_class).zh if graded else "")


class MedicalGroup(models.Model):
    """医疗集团（医共体）: what only a group has; its name, place and parent stand in its organisation row."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, db_column="organisation_code", related_name="medical_group"
    )
    legal_representative_name = models.CharField("集团法定代表人", max_length=50, blank=True)
    founded_on = models.DateField("组建日期")
    dissolved_on = models.DateField("撤销日期", null=True, blank=True)
    basis = models.CharField("组建依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "医疗集团"
        constraints = [
            CheckConstraint(
                condition=Q(dissolved_on__isnull=True) | Q(dissolved_on__gte=F("founded_on")),
                name="medical_group_dissolved_after_founded",
            )
        ]

    def __str__(self) -> str:
        return self.organisation_id


class GroupMembership(models.Model):
    """集团成员: one organisation in one group from a day to a day (both included; no end means until now).

    An organisation is in one group at a time and a group has one lead hospital at a time: the database refuses
    anything else, the service says why.
    """

    group = models.ForeignKey(
        MedicalGroup, models.PROTECT, db_column="group_code", related_name="memberships", verbose_name="集团"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_column="organisation_code", related_name="memberships", verbose_name="机构"
    )
    role = models.CharField("角色", max_length=8, choices=MembershipRole.choices(), default=MembershipRole.MEMBER)
    starts_on = models.DateField("加入日期")
    ends_on = models.DateField("退出日期", null=True, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    changed_at = models.DateTimeField("变更时间", auto_now=True)

    objects = StampedQuerySet.as_manager()

    class Meta:
        ordering = ["group", "role", "organisation", "starts_on"]
        verbose_name = "集团成员"
        indexes = [
            Index(
                fields=["organisation", "starts_on"], name="membership_of_organisation"
            ),  # history of one organisation
            Index(fields=["changed_at"], name="membership_changed"),  # is the cached tree still true?
        ]
        constraints = [
            CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_dates_in_order"
            ),
            PeriodsDoNotOverlap(name="membership_one_group_at_a_time", fields=["organisation"]),
            PeriodsDoNotOverlap(name="membership_one_lead_at_a_time", fields=["group"], condition={"role": "lead"}),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.group_id} {self.starts_on}…{self.ends_on or ''}"
