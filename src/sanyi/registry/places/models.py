"""区划表: places, outlines, population counts."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Length

from sanyi.registry.places.codes import CommitteeType, Level, PopulationBase, PositionBasis, TownshipType

models.CharField.register_lookup(Length)


class Place(models.Model):
    """区划: one division of the statistical code, from the nation (000000000000) to the village."""

    code = models.CharField("区划代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=Level.choices())
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        db_column="parent_code",
        verbose_name="上级",
    )
    township_type = models.CharField("乡级类型", max_length=16, blank=True, choices=TownshipType.choices())
    committee_type = models.CharField("村级类型", max_length=12, blank=True, choices=CommitteeType.choices())
    longitude_e6 = models.IntegerField("经度（百万分之一度）", null=True, blank=True)
    latitude_e6 = models.IntegerField("纬度（百万分之一度）", null=True, blank=True)
    position_basis = models.CharField("坐标依据", max_length=16, blank=True, choices=PositionBasis.choices())

    class Meta:
        ordering = ["code"]
        verbose_name = "区划"
        indexes = [Index(fields=["level", "code"], name="place_level")]  # all counties, all townships of a range
        constraints = [
            CheckConstraint(condition=Q(code__length=12), name="place_code_has_12_digits"),
            CheckConstraint(
                condition=Q(parent__isnull=False) | Q(code="000000000000"), name="place_only_the_nation_has_no_parent"
            ),
            CheckConstraint(condition=~Q(parent=F("code")), name="place_is_not_its_own_parent"),
            CheckConstraint(
                condition=Q(longitude_e6__isnull=True, latitude_e6__isnull=True, position_basis="")
                | Q(
                    longitude_e6__range=(-180_000_000, 180_000_000),
                    latitude_e6__range=(-90_000_000, 90_000_000),
                    position_basis__gt="",
                ),
                name="place_position_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

    @property
    def level_kind(self) -> Level:
        """级别: as a labelled code."""
        return Level(self.level)

    @property
    def kind_label(self) -> str:
        """类型: the most exact Chinese name of what this is (镇, 村民委员会, 县级 …)."""
        if self.township_type:
            return TownshipType(self.township_type).zh
        return CommitteeType(self.committee_type).zh if self.committee_type else self.level_kind.zh


class Boundary(models.Model):
    """边界: the outline of a place in WGS-84 as a GeoJSON geometry, with centre, seat and area."""

    place = models.OneToOneField(
        Place, models.CASCADE, primary_key=True, db_column="place_code", related_name="boundary"
    )
    geometry = models.JSONField("边界")
    area_hectares = models.IntegerField("面积（公顷）", null=True, blank=True)
    centre_longitude_e6 = models.IntegerField("中心经度")
    centre_latitude_e6 = models.IntegerField("中心纬度")
    seat_longitude_e6 = models.IntegerField("驻地经度", null=True, blank=True)
    seat_latitude_e6 = models.IntegerField("驻地纬度", null=True, blank=True)
    source = models.CharField("来源", max_length=300)
    is_licence_stated = models.BooleanField("来源注明许可", default=False)

    class Meta:
        verbose_name = "边界"
        constraints = [
            CheckConstraint(
                condition=Q(area_hectares__isnull=True) | Q(area_hectares__gt=0), name="boundary_area_is_positive"
            )
        ]

    def __str__(self) -> str:
        return self.place_id


class Population(models.Model):
    """人口: one count of one place with its base, its day and its source."""

    place = models.ForeignKey(Place, models.CASCADE, db_column="place_code", related_name="populations")
    part_name = models.CharField("仅含部分", max_length=60, blank=True)
    base = models.CharField("口径", max_length=16, choices=PopulationBase.choices())
    counted_on = models.DateField("时点")
    person_count = models.BigIntegerField("人数")
    source = models.CharField("来源", max_length=300)

    class Meta:
        ordering = ["place", "base", "-counted_on"]
        verbose_name = "人口"
        constraints = [
            UniqueConstraint(fields=["place", "part_name", "base", "counted_on"], name="population_counted_once"),
            CheckConstraint(condition=Q(person_count__gte=0), name="population_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.base} {self.counted_on}: {self.person_count}"
