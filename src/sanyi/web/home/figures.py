"""首页数字: the figures of each role, every one a real query within the reader's scope, with the page behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.governance.tasks import services as tasks
from sanyi.insurance.grouping import services as grouping
from sanyi.kernel.money import Rounding, divide
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission
from sanyi.registry.organisations.services.counts import institution_count
from sanyi.registry.people.codes import Category
from sanyi.registry.people.services.counts import residents as count_residents
from sanyi.registry.runs import services as runs
from sanyi.web.templatetags.sanyi import count, day, percent, wan_yuan, weight

STAYS, COUNTY, PEOPLE = "/grouping/stays/", "/grouping/county/", "/people/"
SHARE_BP_ALL = 10_000


@dataclass(frozen=True)
class Figure:
    """指标卡: a figure with the page behind it and the page that explains it."""

    label: str
    value: str
    unit: str = ""
    sub: str = ""
    href: str = ""
    why: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Reader:
    """读者: who looks at the home page, in which of his roles."""

    actor: access.Actor
    grant: access.Grant

    def holds(self, permission: Permission) -> bool:
        """是否有此权限: in the current role."""
        return permission in self.grant.permissions

    def scope(self) -> frozenset[str] | None:
        """可见机构: of the current role; None for all."""
        reached = self.grant.organisations
        return reached if isinstance(reached, frozenset) else None


Block = Callable[[Reader], list[Figure]]


def institutions(reader: Reader) -> list[Figure]:
    """机构数: in the reader's scope."""
    if not reader.holds(Permission.ORGANISATION_READ):
        return []
    found = institution_count(reader.scope())
    return [Figure(_("医疗卫生机构"), count(found), _("家"), href="/organisations/", icon="building-hospital")]


def residents(reader: Reader) -> list[Figure]:
    """居民数: those the reader's institutions manage, the old, the young and those with a right to help."""
    if not (reader.holds(Permission.PERSON_SEARCH) or reader.holds(Permission.COUNTY_READ)):
        return []
    found = count_residents(reader.scope())
    link = PEOPLE if reader.holds(Permission.PERSON_SEARCH) else ""
    helped = sum(found.category_counts.get(kind, 0) for kind in (Category.SUBSISTENCE, Category.EXTREME_POVERTY))
    elderly_bp = divide(SHARE_BP_ALL * found.elderly_count, found.count, Rounding.HALF_UP) if found.count else None
    households = _("%(number)s 户") % {"number": count(found.household_count)}
    return [
        Figure(_("管理居民"), count(found.count), _("人"), sub=households, href=link, icon="users"),
        Figure(_("65 岁及以上"), count(found.elderly_count), _("人"), sub=percent(elderly_bp), href=link, icon="old"),
        Figure(_("7 岁以下儿童"), count(found.child_count), _("人"), href=link, icon="baby-carriage"),
        Figure(_("低保和特困人员"), count(helped), _("人"), href=link, icon="heart-handshake"),
    ]


def batches(reader: Reader) -> list[Figure]:
    """数据批次: those that wait for acceptance, those accepted, and refused rows that nobody has mended."""
    if not reader.holds(Permission.BATCH_READ):
        return []
    found, scope = intake.batches(), reader.scope()
    if scope is not None:
        found = found.filter(organisation_code__in=scope)
    waiting = found.in_state(BatchState.CHECKED)
    sums = waiting.aggregate(rows=Sum("row_count"), refused=Sum("refused_count"))
    accepted = found.in_state(BatchState.ACCEPTED)
    newest = accepted.order_by("-decided_at").values_list("decided_at", flat=True).first()
    latest = _("最近 %(day)s") % {"day": day(newest)} if newest else ""
    refused_rows = _("拒绝 %(number)s 行") % {"number": count(sums["refused"] or 0)}
    return [
        Figure(
            _("待确认批次"),
            count(waiting.count()),
            _("批"),
            sub=refused_rows if sums["rows"] else "",
            href="/intake/?state=checked",
            icon="hourglass",
        ),
        Figure(_("已入库批次"), count(accepted.count()), _("批"), sub=latest, href="/intake/", icon="database-import"),
    ]


def jobs(reader: Reader) -> list[Figure]:
    """作业: under way and failed, in the reader's scope."""
    if not reader.holds(Permission.RUN_READ):
        return []
    found = runs.counts(reader.scope())
    return [
        Figure(_("进行中的作业"), count(found.under_way_count), _("个"), href="/runs/", icon="progress"),
        Figure(_("失败的作业"), count(found.failed_count), _("个"), href="/runs/?state=failed", icon="alert-triangle"),
    ]


def stays(reader: Reader) -> list[Figure]:
    """分组病例: stays, share grouped, case-mix index and charges in the reader's scope."""
    if not (reader.holds(Permission.STAY_READ) or reader.holds(Permission.COUNTY_READ)):
        return []
    if reader.grant.person_id is not None:
        return []
    found = grouping.whole(reader.scope())
    behind = STAYS if reader.holds(Permission.STAY_READ) else COUNTY
    why = COUNTY if reader.holds(Permission.COUNTY_READ) else ""
    if found is None:
        return [Figure(_("分组病例"), count(0), _("例"), sub=_("尚无已分组的结算清单"), href=behind, icon="bed")]
    return _stay_figures(found, behind, why)


def _stay_figures(found: dict[str, Any], behind: str, why: str) -> list[Figure]:
    grouped_bp = divide(SHARE_BP_ALL * found["grouped_count"], found["stay_count"], Rounding.HALF_UP)
    average = divide(found["total_fen"], found["stay_count"], Rounding.HALF_UP)
    return [
        Figure(_("出院病例"), count(found["stay_count"]), _("例"), href=behind, icon="bed"),
        Figure(_("入组率"), percent(grouped_bp), href=behind, why=why, icon="circle-check"),
        Figure(_("病例组合指数（CMI）"), weight(found["cmi_e6"]), href=behind, why=why, icon="scale"),
        Figure(_("DRG 组数"), count(found["drg_count"]), _("组"), href=behind, icon="category"),
        Figure(
            _("医疗总费用"),
            wan_yuan(found["total_fen"]),
            _("万元"),
            sub=_("次均 %(amount)s 元") % {"amount": count(average // 100)},
            href=behind,
            icon="coin-yuan",
        ),
        Figure(_("基金支付"), wan_yuan(found["fund_payment_fen"]), _("万元"), href=behind, icon="building-bank"),
    ]


def supervision(reader: Reader) -> list[Figure]:
    """督查督办: red lights, tasks escalated, tasks that wait to be assigned, and how many were on time."""
    if not reader.holds(Permission.TASK_READ):
        return []
    found = tasks.board.figures(reader.grant.organisations)
    on_time = percent(found.on_time_bp) if found.on_time_bp is not None else "—"
    return [
        Figure(
            _("红灯任务"),
            count(found.lights["red"]),
            _("项"),
            sub=_("共 %(number)s 项任务") % {"number": count(found.total_count)},
            href="/tasks/?light=red",
            icon="alert-circle",
        ),
        Figure(_("升级到县领导"), count(found.escalated_count), _("项"), href="/tasks/?state=escalated", icon="urgent"),
        Figure(_("待交办任务"), count(found.waiting_count), _("项"), href="/tasks/?state=registered", icon="inbox"),
        Figure(_("任务按期率"), on_time, href="/tasks/", icon="clock-check"),
    ]


COUNTY_BLOCKS: tuple[Block, ...] = (stays, institutions, residents)
OFFICE_BLOCKS: tuple[Block, ...] = (batches, stays)
CARE_BLOCKS: tuple[Block, ...] = (residents, stays)
BLOCKS: dict[str, tuple[Block, ...]] = {
    "county_leader": (supervision, *COUNTY_BLOCKS),
    "reform_office": (supervision, *COUNTY_BLOCKS),
    "health_bureau": (institutions, residents, stays),
    "insurance_officer": OFFICE_BLOCKS,
    "finance_officer": (stays,),
    "auditor": (batches, jobs, stays),
    "group_director": COUNTY_BLOCKS,
    "hospital_director": OFFICE_BLOCKS,
    "hospital_insurance_office": OFFICE_BLOCKS,
    "medical_record_coder": OFFICE_BLOCKS,
    "hospital_doctor": (stays,),
    "township_doctor": CARE_BLOCKS,
    "village_doctor": CARE_BLOCKS,
    "system_administrator": (jobs, batches, institutions),
    "cdc_staff": (residents, institutions),
}
"""首页内容: the blocks of each role, in the order shown; roles not named get the default."""

DEFAULT: tuple[Block, ...] = (institutions, residents)


def figures(reader: Reader) -> list[Figure]:
    """首页数字: of the reader's current role."""
    blocks = BLOCKS.get(reader.grant.role, DEFAULT)
    return [figure for block in blocks for figure in block(reader)]


def charts(reader: Reader) -> list[dict[str, Any]]:
    """首页图表: months of the reader's scope, and institutions beside each other where there are several."""
    if not (reader.holds(Permission.STAY_READ) or reader.holds(Permission.COUNTY_READ)):
        return []
    if reader.grant.person_id is not None or not grouping.has_stays():
        return []
    months = grouping.by_month(reader.scope()).to_dicts()
    return [_months_chart(months, reader.holds(Permission.STAY_READ))] if len(months) > 1 else []


def _months_chart(months: list[dict[str, Any]], has_list: bool) -> dict[str, Any]:
    return {
        "id": "chart-months",
        "title": _("各月出院病例与 CMI"),
        "spec": {
            "kind": "bar",
            "categories": [row["discharge_month"] for row in months],
            "units": [_("例"), "CMI"],
            "links": [f"{STAYS}?discharge_month={row['discharge_month']}" for row in months] if has_list else [],
            "series": [
                {"name": _("病例数"), "values": [row["stay_count"] for row in months]},
                {
                    "name": "CMI",
                    "kind": "line",
                    "axis": 1,
                    "decimals": 4,
                    "values": [None if row["cmi_e6"] is None else row["cmi_e6"] / 1_000_000 for row in months],
                },
            ],
        },
    }
