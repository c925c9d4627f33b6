"""编码映射代码: kinds of code, editions, outcomes of a mapping, and the refusals of choosing."""

from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import RefusalKind


class Kind(Labelled):
    """编码种类."""

    DIAGNOSIS = "diagnosis", "疾病诊断", "Diagnosis"
    PROCEDURE = "procedure", "手术操作", "Procedure"


class Edition(Labelled):
    """编码版本: what a sender's codes are written in. The lake holds insurance edition 2.0."""

    INSURANCE_2 = "insurance_2", "医保版2.0", "Insurance edition 2.0"
    CLINICAL = "clinical", "国家临床版（诊断2.0、手术3.0）", "National clinical edition (diagnoses 2.0, procedures 3.0)"
    INSURANCE_1 = "insurance_1", "医保版1.0", "Insurance edition 1.0"
    UNDECLARED = "undeclared", "未说明（逐个识别）", "Not declared (recognised one by one)"


class Outcome(Labelled):
    """映射结果: the first four give a code; the last three do not."""

    IDENTITY = "identity", "编码相同", "Same code"
    ONE_TO_ONE = "one_to_one", "一对一", "One to one"
    RECOGNISED = "recognised", "按其他版本识别", "Recognised as another edition"
    CHOSEN = "chosen", "本县已选定", "Chosen for this county"
    CANDIDATES = "candidates", "一对多，待选定", "One to many, waits for a choice"
    UNMAPPED = "unmapped", "无对应编码，待选定", "No target, waits for a choice"
    UNKNOWN = "unknown", "不在任何版本中", "In no edition"

    @property
    def gives_code(self) -> bool:
        """是否得出编码: whether rows with this code can enter."""
        return self in (Outcome.IDENTITY, Outcome.ONE_TO_ONE, Outcome.RECOGNISED, Outcome.CHOSEN)

    @property
    def waits_for_choice(self) -> bool:
        """是否待选定: whether a person has to choose."""
        return self in (Outcome.CANDIDATES, Outcome.UNMAPPED)


CHOICE_TARGET_UNKNOWN = RefusalKind(
    code="exchange.mapping.choice_target_unknown",
    message_zh="“{code}”不是医保版2.0的{kind}编码，不能作为映射目标。",
    remedy_zh="请从候选编码中选择，或检索医保版2.0编码。",
    message_en="“{code}” is not a {kind_en} code of insurance edition 2.0 and cannot be chosen.",
    remedy_en="Choose a candidate, or search insurance edition 2.0.",
)
CHOICE_TARGET_GREY = RefusalKind(
    code="exchange.mapping.choice_target_grey",
    message_zh="“{code}”是灰码，结算清单不接收，不能作为映射目标。",
    remedy_zh="请选择更具体的编码。",
    message_en="“{code}” is a grey code, not accepted for settlement, and cannot be chosen.",
    remedy_en="Choose a finer code.",
)
CHOICE_TARGET_MISSING = RefusalKind(
    code="exchange.mapping.choice_target_missing",
    message_zh="没有选出医保版2.0编码。",
    remedy_zh="请打开“编码映射”中的该编码，从候选编码中选定。",
    message_en="No code of insurance edition 2.0 was picked.",
    remedy_en="Open the code under “Code mapping” and pick one of the candidates.",
)
CHOICE_TAKEN = RefusalKind(
    code="exchange.mapping.choice_taken",
    message_zh="“{code}”已由{who}于{at}选定为{target}。",
    remedy_zh="如需改选，请填写理由后办理“改选”。",
    message_en="“{code}” was set to {target} by {who} on {at}.",
    remedy_en="To change it, give a reason and choose again.",
)
CHOICE_MADE_ELSEWHERE = RefusalKind(
    code="exchange.mapping.choice_made_elsewhere",
    message_zh="“{code}”还没有选定目标编码，不能直接办结。",
    remedy_zh="请点“查看对象”打开编码页面，在候选编码中选定；办件随之办结。",
    message_en="No target has been chosen for “{code}” yet; the case cannot be closed by itself.",
    remedy_en="Open the code's page from this case and choose there; that closes the case.",
)
