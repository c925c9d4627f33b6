"""居民表: people, households, credentials, dated categories, possible matches, merges."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from sanyi.registry.people.codes import Category, CredentialKind, MatchMethod, Relationship, Sex
from sanyi.registry.periods import PeriodsDoNotOverlap


class CodePointField(models.CharField[str, str]):
    """按字符编码排序的文本: sorted and compared by code point on every database.

    A search for the beginning of a name is then one range of one index, in SQLite and in PostgreSQL alike.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        """列参数: PostgreSQL's own collation depends on the machine, so it is set here."""
        parameters: dict[str, Any] = dict(super().db_parameters(connection))
        parameters["collation"] = "C" if connection.vendor == "postgresql" else None
        return parameters


class PersonCounter(models.Model):
    """居民编号计数: one row; blocks of numbers are taken from it."""

    last_number = models.BigIntegerField("最后编号", default=0)

    class Meta:
        verbose_name = "居民编号计数"
        constraints = [CheckConstraint(condition=Q(id=1), name="person_counter_is_one_row")]

    def __str__(self) -> str:
        return str(self.last_number)


class Household(models.Model):
    """家庭户: a household of a village under its household number."""

    place = models.ForeignKey("registry.Place", models.PROTECT, db_column="place_code", verbose_name="村居")
    number = models.CharField("户编号", max_length=30)
    address = models.CharField("详细地址", max_length=200, blank=True)

    class Meta:
        verbose_name = "家庭户"
        constraints = [UniqueConstraint(fields=["place", "number"], name="household_number_once_per_place")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.number}"


class Person(models.Model):
    """居民: one record. ``person_id`` never changes and is never reused.

    A record found to be a double keeps everything it has and points to the other by ``merged_into`` (never deleted).
    Weakness: ``managing_organisation`` is who keeps the record today; where somebody lives is ``place``.
    """

    person_id = CodePointField("居民编号", max_length=12, primary_key=True)
    name = CodePointField("姓名", max_length=50)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices())
    born_on = models.DateField("出生日期")
    died_on = models.DateField("死亡日期", null=True, blank=True)
    place = models.ForeignKey(
        "registry.Place",
        models.PROTECT,
        null=True,
        blank=True,
        db_column="place_code",
        db_index=False,
        verbose_name="村居",
    )
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="people", verbose_name="家庭户"
    )
    relationship = models.CharField("与户主关系", max_length=1, blank=True, choices=Relationship.choices())
    managing_organisation = models.ForeignKey(
        "registry.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        db_column="managing_organisation_code",
        db_index=False,
        verbose_name="管理机构",
    )
    phone_ciphertext = models.BinaryField("电话密文", null=True, blank=True)
    phone_key_id = models.CharField("电话密钥编号", max_length=16, blank=True)
    phone_tail = models.CharField("电话后四位", max_length=4, blank=True)
    mother = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, db_index=False, related_name="births", verbose_name="母亲"
    )
    birth_order = models.PositiveSmallIntegerField("胎次序号", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="merged_records",
        verbose_name="并入",
    )
    registered_at = models.DateTimeField("建档时间")
    changed_at = models.DateTimeField("变更时间", auto_now=True)

    class Meta:
        ordering = ["person_id"]
        verbose_name = "居民"
        indexes = [  # four hold only records that stand for a person, so that a count never looks at the rows
            # county staff: beginning of a name, and the list
            Index(fields=["name", "person_id"], condition=Q(merged_into__isnull=True), name="person_by_name"),
            Index(  # village doctors and township hospitals: their own residents in the order of names
                fields=["managing_organisation", "name", "person_id"],
                condition=Q(merged_into__isnull=True),
                name="person_by_manager",
            ),
            Index(  # one village or township
                fields=["place", "name", "person_id"], condition=Q(merged_into__isnull=True), name="person_by_place"
            ),
            Index(  # last four digits
                fields=["phone_tail", "name", "person_id"],
                condition=Q(merged_into__isnull=True),
                name="person_by_phone",
            ),
            Index(fields=["mother"], condition=Q(mother__isnull=False), name="person_by_mother"),  # her newborns
            Index(  # the records of one person; the list leaves them out
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_by_survivor"
            ),
        ]
        constraints = [
            CheckConstraint(condition=Q(person_id__gt="") & Q(name__gt=""), name="person_has_a_name"),
            CheckConstraint(condition=Q(sex__in=[str(sex) for sex in Sex]), name="person_sex_is_a_code"),
            CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(died_on__gte=F("born_on")), name="person_died_after_birth"
            ),
            CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("person_id")),
                name="person_not_merged_into_itself",
            ),
            CheckConstraint(
                condition=Q(phone_ciphertext__isnull=True, phone_key_id="", phone_tail="")
                | Q(phone_ciphertext__isnull=False, phone_key_id__gt="", phone_tail__gt=""),
                name="person_phone_is_whole",
            ),
            CheckConstraint(
                condition=Q(birth_order__isnull=True) | Q(birth_order__range=(1, 9), mother__isnull=False),
                name="person_birth_order_needs_mother",
            ),
        ]

    def __str__(self) -> str:
        return self.person_id


class Credential(models.Model):
    """证件与凭证: what leads to a person. The number is encrypted (SM4-GCM); ``lookup`` (HMAC-SM3) finds it.

    ``is_disputed``: the same number is held by another record already; nobody is found by it until a human has decided.
    ``is_preferred``: the person's own choice of card (N03-01).
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="credentials", verbose_name="居民")
    kind = models.CharField("种类", max_length=20, choices=CredentialKind.choices())
    value_ciphertext = models.BinaryField("号码密文")
    key_id = models.CharField("密钥编号", max_length=16)
    lookup = models.CharField("查找值", max_length=64)
    lookup_key_id = models.CharField("查找密钥编号", max_length=16)
    issuer = models.CharField("签发机关", max_length=100, blank=True)
    valid_from = models.DateField("有效期起", null=True, blank=True)
    valid_until = models.DateField("有效期止", null=True, blank=True)
    is_preferred = models.BooleanField("本人首选", default=False)
    is_disputed = models.BooleanField("待核对", default=False)
    recorded_at = models.DateTimeField("登记时间")
    withdrawn_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        ordering = ["person", "kind", "id"]
        verbose_name = "证件与凭证"
        indexes = [Index(fields=["lookup"], name="credential_by_lookup")]  # whose number is this?
        constraints = [
            UniqueConstraint(
                fields=["lookup"],
                condition=Q(is_disputed=False, withdrawn_at__isnull=True),
                name="credential_leads_to_one_person",
            ),
            UniqueConstraint(
                fields=["person"], condition=Q(is_preferred=True), name="credential_one_preferred_per_person"
            ),
            CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="credential_dates_in_order",
            ),
            CheckConstraint(condition=Q(lookup__length=64, key_id__gt=""), name="credential_is_sealed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class PersonCategory(models.Model):
    """人员类别: a person's category from a day to a day, both included; periods of one category never overlap."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="categories", verbose_name="居民")
    category = models.CharField("类别", max_length=20, choices=Category.choices())
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    issuer = models.CharField("认定部门", max_length=100, blank=True)
    document_number = models.CharField("认定文号", max_length=60, blank=True)

    class Meta:
        ordering = ["person", "category", "starts_on"]
        verbose_name = "人员类别"
        indexes = [Index(fields=["category", "starts_on"], name="category_members")]  # all people of one category
        constraints = [
            CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="category_dates_in_order"
            ),
            PeriodsDoNotOverlap(name="category_once_at_a_time", fields=["person", "category"]),
        ]

    def __str__(self) -> str:
        return f"{self.category} of {self.person_id}"


class MatchCandidate(models.Model):
    """可能匹配: two records that may be one person; the smaller number first. Where it stands is the case's state."""

    first = models.ForeignKey(Person, models.PROTECT, related_name="candidates_as_first", verbose_name="记录一")
    second = models.ForeignKey(Person, models.PROTECT, related_name="candidates_as_second", verbose_name="记录二")
    method = models.CharField("依据", max_length=24, choices=MatchMethod.choices())
    differences = models.JSONField("差异", default=list)
    score_e6 = models.IntegerField("评分（百万分之一）", null=True, blank=True)
    case = models.OneToOneField(
        "registry.Case", models.PROTECT, related_name="match_candidate", verbose_name="核对办件"
    )
    found_at = models.DateTimeField("发现时间")

    class Meta:
        ordering = ["-found_at", "-id"]
        verbose_name = "可能匹配"
        indexes = [Index(fields=["found_at", "id"], name="candidate_queue")]  # the queue
        constraints = [
            CheckConstraint(condition=Q(first__lt=F("second")), name="candidate_pair_in_order"),
            UniqueConstraint(fields=["first", "second"], name="candidate_pair_once"),
            CheckConstraint(
                condition=Q(score_e6__isnull=True) | Q(score_e6__range=(0, 1_000_000)), name="candidate_score_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id} ?"


class PersonMerge(models.Model):
    """合并记录: that one record was held to be another, by whom and why; undoing keeps the row."""

    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="merges_as_absorbed", verbose_name="并入的记录")
    survivor = models.ForeignKey(Person, models.PROTECT, related_name="merges_as_survivor", verbose_name="保留的记录")
    candidate = models.ForeignKey(MatchCandidate, models.PROTECT, related_name="merges", verbose_name="可能匹配")
    reason = models.CharField("理由", max_length=300)
    merged_by = models.CharField("合并人", max_length=60)
    merged_at = models.DateTimeField("合并时间")
    undone_reason = models.CharField("撤销理由", max_length=300, blank=True)
    undone_by = models.CharField("撤销人", max_length=60, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        ordering = ["-merged_at", "-id"]
        verbose_name = "合并记录"
        constraints = [
            UniqueConstraint(fields=["absorbed"], condition=Q(undone_at__isnull=True), name="merge_open_once"),
            CheckConstraint(condition=~Q(absorbed=F("survivor")), name="merge_of_two"),
            CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by="", undone_reason="")
                | Q(undone_at__isnull=False, undone_by__gt="", undone_reason__gt=""),
                name="merge_undone_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} → {self.survivor_id}"
