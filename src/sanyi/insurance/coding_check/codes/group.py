"""分组与资源消耗问题: what the group itself shows."""

from sanyi.insurance.coding_check.codes.kind import FindingKind, Severity

_THRESHOLD_ZH = "费用与住院日偏离界值（本系统政策参数）；{basis}"
_THRESHOLD_EN = "Limits of deviation (policy parameter); {basis_en}"

NOT_GROUPED = FindingKind(
    code="not_grouped",
    zh="无法入组",
    en="Not grouped",
    severity=Severity.REFUSE,
    message_zh="主要诊断属{mdcs}，但没有一个 ADRG 的条件成立，病例无法入组。",
    remedy_zh="请核对主要诊断、手术操作、年龄和新生儿体重是否与病案一致。",
    source_zh="{scheme} ADRG 入组规则",
    message_en="The main diagnosis belongs to {mdcs_en}, but no ADRG takes the stay.",
    remedy_en="Compare main diagnosis, procedures, age and newborn weight with the record.",
    source_en="{scheme_en}, ADRG rules",
)
MCC_VOIDED = FindingKind(
    code="mcc_voided",
    zh="MCC 被排除",
    en="MCC voided",
    severity=Severity.INFO,
    message_zh="{place}{code}是严重并发症或合并症（MCC），属第{table}号排除表；主要诊断{main}属同一排除表（第{own}号），该编码不计入。",
    remedy_zh="无需删除，据实填写即可；如对分组有疑问，请核对主要诊断选择。",
    source_zh="{scheme} MCC 列表与排除表第{table}号",
    message_en="{code} ({place}) is an MCC of exclusion table {table}; the main diagnosis {main} belongs to the same table ({own}), so it does not count.",  # noqa: E501
    remedy_en="Leave it in the record; if the group surprises, check the choice of the main diagnosis.",
    source_en="{scheme_en}, MCC list and exclusion table {table}",
)
CC_VOIDED = FindingKind(
    code="cc_voided",
    zh="CC 被排除",
    en="CC voided",
    severity=Severity.INFO,
    message_zh="{place}{code}是并发症或合并症（CC），属第{table}号排除表；主要诊断{main}属同一排除表（第{own}号），该编码不计入。",
    remedy_zh="无需删除，据实填写即可；如对分组有疑问，请核对主要诊断选择。",
    source_zh="{scheme} CC 列表与排除表第{table}号",
    message_en="{code} ({place}) is a CC of exclusion table {table}; the main diagnosis {main} belongs to the same table ({own}), so it does not count.",  # noqa: E501
    remedy_en="Leave it in the record; if the group surprises, check the choice of the main diagnosis.",
    source_en="{scheme_en}, CC list and exclusion table {table}",
)
STAY_OVER_LIMIT = FindingKind(
    code="stay_over_limit",
    zh="住院超过长期住院界值",
    en="Very long stay",
    severity=Severity.WARN,
    message_zh="实际住院{days}天，超过{limit}天。",
    remedy_zh="请核对入院、出院日期；确属长期住院的，按当地规定办理。",
    source_zh="长期住院界值（本系统政策参数）；{basis}",
    message_en="The stay lasted {days} days, more than {limit}.",
    remedy_en="Check the dates of admission and discharge; a truly long stay follows the local rule.",
    source_en="Limit of long stays (policy parameter); {basis_en}",
)
STAY_LONG = FindingKind(
    code="stay_long",
    zh="住院日明显长于同组",
    en="Stay far longer than the group's",
    severity=Severity.WARN,
    message_zh="实际住院{days}天，{drg}组平均{expected}天，为平均的{ratio}倍，高于{limit}倍。",
    remedy_zh="请核对入院、出院日期和主要诊断、合并症是否据实完整填写。",
    source_zh=_THRESHOLD_ZH,
    message_en="The stay lasted {days} days; group {drg} averages {expected} days: {ratio} times, above {limit}.",
    remedy_en="Check the dates, the main diagnosis, and whether all comorbidities of the record are given.",
    source_en=_THRESHOLD_EN,
)
STAY_SHORT = FindingKind(
    code="stay_short",
    zh="住院日明显短于同组",
    en="Stay far shorter than the group's",
    severity=Severity.WARN,
    message_zh="实际住院{days}天，{drg}组平均{expected}天，为平均的{ratio}倍，低于{limit}倍。",
    remedy_zh="请核对入院、出院日期，并核对诊断和手术操作是否有病案依据。",
    source_zh=_THRESHOLD_ZH,
    message_en="The stay lasted {days} days; group {drg} averages {expected} days: {ratio} times, below {limit}.",
    remedy_en="Check the dates, and whether diagnoses and procedures are supported by the record.",
    source_en=_THRESHOLD_EN,
)
COST_HIGH = FindingKind(
    code="cost_high",
    zh="费用明显高于同组",
    en="Cost far above the group's",
    severity=Severity.WARN,
    message_zh="总费用{cost}元，{drg}组预期{expected}元，为预期的{ratio}倍，高于{limit}倍（高倍率）。",
    remedy_zh="请核对主要诊断、主要手术和合并症是否据实完整填写，并核对费用明细。",
    source_zh=_THRESHOLD_ZH,
    message_en="The stay cost {cost} yuan; {expected} is expected of group {drg}: {ratio} times, above {limit}.",
    remedy_en="Check main diagnosis, main procedure and comorbidities against the record, and the bill.",
    source_en=_THRESHOLD_EN,
)
COST_LOW = FindingKind(
    code="cost_low",
    zh="费用明显低于同组",
    en="Cost far below the group's",
    severity=Severity.WARN,
    message_zh="总费用{cost}元，{drg}组预期{expected}元，为预期的{ratio}倍，低于{limit}倍（低倍率）。",
    remedy_zh="请核对诊断和手术操作是否有病案依据，避免高套分组。",
    source_zh=_THRESHOLD_ZH,
    message_en="The stay cost {cost} yuan; {expected} is expected of group {drg}: {ratio} times, below {limit}.",
    remedy_en="Check whether diagnoses and procedures are supported by the record; up-coding must be avoided.",
    source_en=_THRESHOLD_EN,
)
