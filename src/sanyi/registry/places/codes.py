"""区划的代码与拒绝种类: levels, kinds of township and committee, bases of population and position."""

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.doors.codes import answers_with

NATION_CODE = "000000000000"
CODE_LENGTH = 12


class Level(Labelled):
    """级别: the six steps of a statistical division code, from the nation to the village."""

    NATION = "nation", "国家", "Nation"
    PROVINCE = "province", "省级", "Province"
    PREFECTURE = "prefecture", "地级", "Prefecture"
    COUNTY = "county", "县级", "County"
    TOWNSHIP = "township", "乡级", "Township"
    VILLAGE = "village", "村级", "Village"


class TownshipType(Labelled):
    """乡级类型: told by positions 7 to 9 of the code."""

    SUBDISTRICT = "subdistrict", "街道", "Subdistrict"
    TOWN = "town", "镇", "Town"
    TOWNSHIP = "township", "乡", "Township"
    FUNCTIONAL_ZONE = "functional_zone", "类似乡级单位", "Functional zone"


class CommitteeType(Labelled):
    """村级类型: a villagers' or residents' committee, or a unit that stands for one."""

    VILLAGE = "village", "村民委员会", "Villagers' committee"
    RESIDENTIAL = "residential", "居民委员会", "Residents' committee"
    OTHER = "other", "其他（农林场、生活区等）", "Other (farm, dormitory area)"


class PopulationBase(Labelled):
    """人口口径: who was counted. Counts of different bases are never added or compared without saying so."""

    CENSUS_RESIDENT = "census_resident", "普查常住人口", "Census, residents"
    CENSUS_URBAN = "census_urban", "普查城镇人口", "Census, urban residents"
    RESIDENT = "resident", "常住人口", "Residents"
    REGISTERED = "registered", "户籍人口", "Registered households"
    SERVICE = "service", "服务人口", "Served population"
    INSURED = "insured", "参保人口", "Insured"


class PositionBasis(Labelled):
    """坐标依据: how a point was found; only a surveyed point may be used for distances between houses."""

    SURVEYED = "surveyed", "实测", "Surveyed"
    NAMED_POINT = "named_point", "地名点（GeoNames）", "Named point (GeoNames)"
    TOWNSHIP_POINT = "township_point", "所在乡镇地名点", "Point of its township"
    COUNTY_SEAT = "county_seat", "县城驻地（近似）", "County seat (approximate)"
    ILLUSTRATIVE = "illustrative", "示意", "For illustration only"


PLACE_CODE_WRONG = RefusalKind(
    code="places.code_wrong",
    message_zh="“{text}”不是区划代码。",
    remedy_zh="请填写 12 位数字的统计用区划代码，例如芮城县 140830000000。",
    message_en="“{text}” is not a division code.",
    remedy_en="Give the 12 digits of the statistical division code, for example 140830000000 for Ruicheng.",
    basis="《统计用区划代码和城乡划分代码编制规则》（国统字〔2009〕91号）",
)
PLACE_UNKNOWN = RefusalKind(
    code="places.unknown",
    message_zh="区划表中没有代码为 {code} 的地方。",
    remedy_zh="请核对代码；如为新设区划，请先由系统管理员更新区划表。",
    message_en="There is no place with the code {code}.",
    remedy_en="Check the code; a new division has to be added to the table by the system administrator first.",
)
COUNTY_WITHOUT_VILLAGES = RefusalKind(
    code="places.county_without_villages",
    message_zh="系统没有随附 {code} 的村级区划。",
    remedy_zh="请选择随附村级区划的县（{available}），或按 registry/places/data/README.md 的格式补充数据。",
    message_en="The villages of {code} are not shipped.",
    remedy_en="Choose one of {available}, or add the villages as registry/places/data/README.md describes.",
)
answers_with(404, PLACE_UNKNOWN)
answers_with(400, PLACE_CODE_WRONG)
