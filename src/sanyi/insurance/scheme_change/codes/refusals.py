"""方案调整拒绝种类: why something cannot be done."""

from sanyi.kernel.refusals import RefusalKind

FILE_MISSING = RefusalKind(
    code="scheme_change.file_missing",
    message_zh="没有选择文件，或文件超过上限 {limit}。",
    remedy_zh="请选择按模板填写的 xlsx 工作簿后上传。",
    message_en="No file was chosen, or it exceeds the limit of {limit}.",
    remedy_en="Choose an xlsx workbook filled in as in the template.",
)
NOT_A_WORKBOOK = RefusalKind(
    code="scheme_change.not_a_workbook",
    message_zh="文件内容是{found}，不是 xlsx 工作簿；文件名不算数。",
    remedy_zh="请按模板填写 xlsx 工作簿；手中是其他格式的，在 Excel 或 WPS 中另存为“Excel 工作簿（*.xlsx）”后上传。",
    message_en="The content of the file is {found}, not an xlsx workbook; its name does not count.",
    remedy_en="Fill in the template, or save the file as “Excel workbook (*.xlsx)”, and upload that.",
)
VERSION_TAKEN = RefusalKind(
    code="scheme_change.version_taken",
    message_zh="方案 {scheme} 的版本 {version} 已经导入，而内容不同。",
    remedy_zh="内容有改动的，请在“方案”表中换一个新的版本号后再上传；已导入的版本不会改变。",
    message_en="Version {version} of scheme {scheme} has been imported with another content.",
    remedy_en="Give the changed content a new version number; what was imported never changes.",
)
SAME_SCHEME = RefusalKind(
    code="scheme_change.same_scheme",
    message_zh="新旧方案相同，没有可比较的。",
    remedy_zh="请选择两个不同的方案。",
    message_en="Both schemes are the same.",
    remedy_en="Choose two different schemes.",
)
NOTHING_TO_COMPARE = RefusalKind(
    code="scheme_change.nothing_to_compare",
    message_zh="在您的授权范围内，所选月份没有已入库的结算清单。",
    remedy_zh="请改选月份，或先上传并确认结算清单。",
    message_en="Within your scope there are no accepted settlement lists in these months.",
    remedy_en="Choose other months, or upload and accept settlement lists first.",
)
WEIGHTS_MISSING = RefusalKind(
    code="scheme_change.weights_missing",
    message_zh="方案 {scheme} 没有公布的权重，工作簿中也没有权重。",
    remedy_zh="请改选“按本次病例测算”，或在工作簿“病种组”表中补上权重（新版本）后再比较。",
    message_en="Scheme {scheme} has neither published weights nor weights of its own.",
    remedy_en="Choose weights computed from the stays, or add weights to the workbook as a new version.",
)
COMPARISON_NOT_DONE = RefusalKind(
    code="scheme_change.comparison_not_done",
    message_zh="第 {number} 号比较还没有完成，不能据此提请启用。",
    remedy_zh="请等比较完成，核对结果后再提请。",
    message_en="Comparison {number} is not done; nothing can be proposed on it.",
    remedy_en="Wait until it is done and look at its results first.",
)
COMPARISON_OUTDATED = RefusalKind(
    code="scheme_change.comparison_outdated",
    message_zh="第 {number} 号比较的旧方案是 {old}，而 {starts_on} 适用的方案是 {current}。",
    remedy_zh="请把新方案与 {starts_on} 适用的方案重新比较，再据此提请启用。",
    message_en="Comparison {number} has {old} as the old scheme, but {current} holds on {starts_on}.",
    remedy_en="Compare the new scheme with the one that holds on {starts_on}, then propose.",
)
SCHEME_NOT_NEW = RefusalKind(
    code="scheme_change.scheme_not_new",
    message_zh="{starts_on} 已经适用方案 {scheme}，无需启用。",
    remedy_zh="请核对启用日期和方案。",
    message_en="Scheme {scheme} holds on {starts_on} already.",
    remedy_en="Check the day and the scheme.",
)
DATE_WRONG = RefusalKind(
    code="scheme_change.date_wrong",
    message_zh="“{value}”不是可用的启用日期。",
    remedy_zh="请按“2026-01-01”的形式填写；方案写明停止日期的，不得晚于它。",
    message_en="“{value}” cannot be the day to start on.",
    remedy_en="Write 2026-01-01; not after the day the scheme itself ends on.",
)
PROPOSAL_OPEN = RefusalKind(
    code="scheme_change.proposal_open",
    message_zh="已有一件启用提案待审批：{number}（{scheme}，{starts_on}）。",
    remedy_zh="请等它办结，或先撤回它。",
    message_en="A proposal is waiting already: {number} ({scheme}, {starts_on}).",
    remedy_en="Wait for its decision, or withdraw it first.",
)
