"""权限代码: permissions, purposes, scope kinds and the refusals of access."""

from enum import StrEnum
from typing import Final

from sanyi.kernel.refusals import RefusalKind


class Permission(StrEnum):
    """权限: what may be done, as noun.verb; one list for pages, exports and the API alike."""

    HOME_READ = "home.read"
    ORGANISATION_READ = "organisation.read"
    ORGANISATION_WRITE = "organisation.write"
    PLACE_READ = "place.read"
    PLACE_WRITE = "place.write"
    STAFF_READ = "staff.read"
    STAFF_WRITE = "staff.write"
    PERSON_SEARCH = "person.search"
    PERSON_READ = "person.read"
    PERSON_IDENTIFY = "person.identify"
    PERSON_WRITE = "person.write"
    PERSON_MERGE = "person.merge"
    PERSON_BREAK_GLASS = "person.break_glass"
    STAY_READ = "stay.read"
    STAY_GROUP = "stay.group"
    SCHEME_READ = "scheme.read"
    SCHEME_IMPORT = "scheme.import"
    SCHEME_APPROVE = "scheme.approve"
    BATCH_READ = "batch.read"
    BATCH_UPLOAD = "batch.upload"
    BATCH_ACCEPT = "batch.accept"
    QUALITY_READ = "quality.read"
    MAPPING_READ = "mapping.read"
    MAPPING_CHOOSE = "mapping.choose"
    POLICY_READ = "policy.read"
    DOCUMENT_READ = "document.read"
    DOCUMENT_REVIEW = "document.review"
    COUNTY_READ = "county.read"
    RUN_READ = "run.read"
    RUN_START = "run.start"
    RUN_CANCEL = "run.cancel"
    CASE_READ = "case.read"
    CASE_ACT = "case.act"
    CASE_OPEN = "case.open"
    ACCESS_REVIEW = "access.review"
    ACCESS_READ = "access.read"
    ACCESS_GRANT = "access.grant"
    KEY_MANAGE = "key.manage"
    AUDIT_READ = "audit.read"
    AUDIT_VERIFY = "audit.verify"
    LEDGER_READ = "ledger.read"
    LEDGER_POST = "ledger.post"
    TASK_READ = "task.read"
    TASK_MANAGE = "task.manage"
    TASK_VERIFY = "task.verify"
    TASK_INSTRUCT = "task.instruct"
    TASK_FILE = "task.file"
    PROBLEM_READ = "problem.read"
    PROBLEM_REPORT = "problem.report"
    PROBLEM_ANSWER = "problem.answer"
    INDICATOR_READ = "indicator.read"
    INDICATOR_COMPUTE = "indicator.compute"
    INDICATOR_COLLECT = "indicator.collect"
    INDICATOR_APPROVE = "indicator.approve"
    INDICATOR_CLOSE = "indicator.close"
    PAYMENT_READ = "payment.read"
    PAYMENT_RUN = "payment.run"
    PAYMENT_CLOSE = "payment.close"
    SPECIAL_CASE_APPLY = "special_case.apply"
    SPECIAL_CASE_REVIEW = "special_case.review"
    WHAT_IF_RUN = "what_if.run"
    PACKAGE_READ = "package.read"
    PACKAGE_APPLY = "package.apply"
    PACKAGE_MANAGE = "package.manage"
    PACKAGE_APPROVE = "package.approve"
    PACKAGE_VERIFY = "package.verify"

    @property
    def zh(self) -> str:
        """中文名."""
        return PERMISSION_ZH[self]


PERMISSION_ZH: Final = {
    Permission.HOME_READ: "打开首页",
    Permission.ORGANISATION_READ: "查看机构",
    Permission.ORGANISATION_WRITE: "维护机构",
    Permission.PLACE_READ: "查看区划",
    Permission.PLACE_WRITE: "维护区划",
    Permission.STAFF_READ: "查看人员",
    Permission.STAFF_WRITE: "维护人员",
    Permission.PERSON_SEARCH: "检索居民",
    Permission.PERSON_READ: "查看居民",
    Permission.PERSON_IDENTIFY: "查看居民身份信息（不脱敏）",
    Permission.PERSON_WRITE: "维护居民",
    Permission.PERSON_MERGE: "合并与拆分居民",
    Permission.PERSON_BREAK_GLASS: "紧急调阅",
    Permission.STAY_READ: "查看病例",
    Permission.STAY_GROUP: "病例分组",
    Permission.SCHEME_READ: "查看分组方案",
    Permission.SCHEME_IMPORT: "导入与提请启用分组方案",
    Permission.SCHEME_APPROVE: "批准启用分组方案",
    Permission.BATCH_READ: "查看数据批次",
    Permission.BATCH_UPLOAD: "上传数据",
    Permission.BATCH_ACCEPT: "确认入库",
    Permission.QUALITY_READ: "查看数据质量",
    Permission.MAPPING_READ: "查看编码映射",
    Permission.MAPPING_CHOOSE: "选定编码映射",
    Permission.POLICY_READ: "查看政策参数",
    Permission.DOCUMENT_READ: "查看政策文件",
    Permission.DOCUMENT_REVIEW: "上传、审核与确认政策文件",
    Permission.COUNTY_READ: "查看县域总览",
    Permission.RUN_READ: "查看作业",
    Permission.RUN_START: "发起作业",
    Permission.RUN_CANCEL: "取消与恢复作业",
    Permission.CASE_READ: "查看办件",
    Permission.CASE_ACT: "办理办件",
    Permission.CASE_OPEN: "发起办件",
    Permission.ACCESS_REVIEW: "复核紧急调阅",
    Permission.ACCESS_READ: "查看授权",
    Permission.ACCESS_GRANT: "管理授权",
    Permission.KEY_MANAGE: "管理接口密钥",
    Permission.AUDIT_READ: "查看审计日志",
    Permission.AUDIT_VERIFY: "校验审计链",
    Permission.LEDGER_READ: "查看账簿",
    Permission.LEDGER_POST: "记账",
    Permission.TASK_READ: "查看督办任务",
    Permission.TASK_MANAGE: "交办与管理督办任务",
    Permission.TASK_VERIFY: "核验督办任务",
    Permission.TASK_INSTRUCT: "批示督办任务",
    Permission.TASK_FILE: "签收任务与报送证据（本单位）",
    Permission.PROBLEM_READ: "查看季度问题",
    Permission.PROBLEM_REPORT: "报告季度问题（本机构）",
    Permission.PROBLEM_ANSWER: "分办与答复季度问题（本部门）",
    Permission.INDICATOR_READ: "查看指标",
    Permission.INDICATOR_COMPUTE: "计算指标",
    Permission.INDICATOR_COLLECT: "填报指标（本单位）",
    Permission.INDICATOR_APPROVE: "审定指标填报",
    Permission.INDICATOR_CLOSE: "指标期间结账与解锁",
    Permission.PAYMENT_READ: "查看支付结算",
    Permission.PAYMENT_RUN: "支付测算与月度预结算",
    Permission.PAYMENT_CLOSE: "支付结账与重开",
    Permission.SPECIAL_CASE_APPLY: "申请特例单议",
    Permission.SPECIAL_CASE_REVIEW: "评审特例单议",
    Permission.WHAT_IF_RUN: "支付政策模拟",
    Permission.PACKAGE_READ: "查看总额打包",
    Permission.PACKAGE_APPLY: "申请打包、签约与异议",
    Permission.PACKAGE_MANAGE: "办理打包预算、预拨与清算",
    Permission.PACKAGE_APPROVE: "审批打包预算、预拨与清算",
    Permission.PACKAGE_VERIFY: "核验六统一与出具意见",
}


class Purpose(StrEnum):
    """用途: what the data is wanted for; a role may use data for its own purposes alone."""

    CARE = "care"
    PAYMENT = "payment"
    SUPERVISION = "supervision"
    PUBLIC_HEALTH = "public_health"
    ADMINISTRATION = "administration"
    AUDIT = "audit"
    SELF = "self"

    @property
    def zh(self) -> str:
        """中文名."""
        return _PURPOSE_ZH[self]


_PURPOSE_ZH = {
    Purpose.CARE: "诊疗服务",
    Purpose.PAYMENT: "医保支付",
    Purpose.SUPERVISION: "监督管理",
    Purpose.PUBLIC_HEALTH: "公共卫生",
    Purpose.ADMINISTRATION: "行政管理",
    Purpose.AUDIT: "审计",
    Purpose.SELF: "本人查询",
}


AT_WORK: Final = tuple(purpose for purpose in Purpose if purpose is not Purpose.SELF)
"""工作用途: every purpose but a resident's own, for pages that serve all staff alike (runs, cases, organisations)."""


class ScopeKind(StrEnum):
    """范围种类: how far a role reaches from the organisation it is granted at."""

    OWN = "own"
    SUBTREE = "subtree"
    COUNTY = "county"
    SELF = "self"


GLASS_PERMISSIONS = frozenset(
    {Permission.PERSON_READ, Permission.PERSON_IDENTIFY, Permission.STAY_READ, Permission.PERSON_SEARCH}
)
GLASS_PURPOSES = frozenset({Purpose.CARE})

_BASIS = "N07-01：按角色与用途控制访问、记录每次访问、对身份数据脱敏"

SIGN_IN_REQUIRED = RefusalKind(
    code="access.sign_in_required",
    message_zh="您尚未登录，或登录已过期。",
    remedy_zh="请先登录，再打开此页。",
    message_en="You are not signed in, or your session has ended.",
    remedy_en="Sign in, then open this page again.",
    basis=_BASIS,
)
PERMISSION_MISSING = RefusalKind(
    code="access.permission_missing",
    message_zh="您的角色没有“{permission}”权限。",
    remedy_zh="如工作需要，请向本单位的系统管理员申请授权。",
    message_en="Your roles do not carry the permission “{permission}”.",
    remedy_en="If your work needs it, ask your system administrator for a grant.",
    basis=_BASIS,
)
PURPOSE_NOT_ALLOWED = RefusalKind(
    code="access.purpose_not_allowed",
    message_zh="您的角色不得以“{purpose}”为用途使用此类数据。",
    remedy_zh="请从与您职责相符的页面进入，或申请相应授权。",
    message_en="Your roles may not use this data for the purpose “{purpose}”.",
    remedy_en="Enter through a page that belongs to your duties, or ask for a grant.",
    basis=_BASIS,
)
ORGANISATION_OUT_OF_SCOPE = RefusalKind(
    code="access.organisation_out_of_scope",
    message_zh="该记录不在您的授权机构范围内。",
    remedy_zh="请联系记录所属机构；确需跨机构查阅的，请申请授权。",
    message_en="This record belongs to an organisation outside your scope.",
    remedy_en="Contact the organisation that owns the record, or ask for a grant.",
    basis=_BASIS,
)
PERSON_OUT_OF_SCOPE = RefusalKind(
    code="access.person_out_of_scope",
    message_zh="您只能查阅本人的记录。",
    remedy_zh="请返回首页查看本人记录。",
    message_en="You may read your own record only.",
    remedy_en="Go back to your home page.",
    basis=_BASIS,
)
ACCOUNT_INACTIVE = RefusalKind(
    code="access.account_inactive",
    message_zh="该账号已停用。",
    remedy_zh="请联系系统管理员。",
    message_en="This account is disabled.",
    remedy_en="Contact the system administrator.",
)
SIGN_IN_FAILED = RefusalKind(
    code="access.sign_in_failed",
    message_zh="用户名或口令不正确。",
    remedy_zh="请核对后重试；连续失败 {failures_max} 次，账号将锁定 {lock_minutes} 分钟。",
    message_en="The user name or password is wrong.",
    remedy_en="Check and try again; after {failures_max} failures the account is locked for {lock_minutes} minutes.",
)
SIGN_IN_LOCKED = RefusalKind(
    code="access.sign_in_locked",
    message_zh="连续登录失败次数过多，该账号已暂时锁定。",
    remedy_zh="请在 {minutes_left} 分钟后重试，或联系系统管理员解锁。",
    message_en="Too many failed attempts: this account is locked for a while.",
    remedy_en="Try again in {minutes_left} minutes, or ask the system administrator to unlock it.",
    is_retryable=True,
)
GLASS_REASON_NEEDED = RefusalKind(
    code="access.glass_reason_needed",
    message_zh="紧急调阅必须写明理由，至少 {length_min} 个字。",
    remedy_zh="请写明患者情况和调阅的必要性。",
    message_en="Emergency access needs a reason of at least {length_min} characters.",
    remedy_en="Say what state the patient is in and why the record is needed.",
    basis=_BASIS,
)
KEY_INVALID = RefusalKind(
    code="access.key_invalid",
    message_zh="接口密钥无效、已过期或已撤销。",
    remedy_zh="请向系统管理员申请新的接口密钥。",
    message_en="The API key is unknown, expired or revoked.",
    remedy_en="Ask the system administrator for a new key.",
)
KEY_TOO_WIDE = RefusalKind(
    code="access.key_too_wide",
    message_zh="接口密钥的权限不得超出所代表的用户：{name}在该机构没有“{permission}”权限。",
    remedy_zh="请缩小密钥的权限或机构范围，或改由有此权限的用户代表。",
    message_en="A key may not reach further than the user it acts for: {name} lacks “{permission}” there.",
    remedy_en="Narrow the permissions or the organisation of the key, or let another user stand for it.",
)
KEY_TERM_TOO_LONG = RefusalKind(
    code="access.key_term_too_long",
    message_zh="接口密钥的有效期须在 1 至 {days_max} 天之间。",
    remedy_zh="请缩短有效期，到期后再续签。",
    message_en="A key is valid for 1 to {days_max} days.",
    remedy_en="Shorten the term; issue a new key when it ends.",
)
ROLE_UNKNOWN = RefusalKind(
    code="access.role_unknown",
    message_zh="没有“{role}”这个角色。",
    remedy_zh="可用的角色：{known}。",
    message_en="There is no role “{role}”.",
    remedy_en="Known roles: {known}.",
)
ROLE_FILE_WRONG = RefusalKind(
    code="access.role_file_wrong",
    message_zh="角色“{role}”的定义有误：{problem}。",
    remedy_zh="请改正角色文件；写法示例：hospital_director: {{zh: 院长, en: Hospital director, scope: subtree, "
    "purposes: [administration], permissions: [stay.read]}}。",
    message_en="The role “{role}” is declared wrongly: {problem}.",
    remedy_en="Mend the roles file, for example: hospital_director: {{zh: 院长, en: Hospital director, "
    "scope: subtree, purposes: [administration], permissions: [stay.read]}}.",
)
GRANT_PERIOD_WRONG = RefusalKind(
    code="access.grant_period_wrong",
    message_zh="授权的结束日期早于开始日期。",
    remedy_zh="请改正起止日期。",
    message_en="The grant ends before it begins.",
    remedy_en="Mend the dates.",
)
USER_UNKNOWN = RefusalKind(
    code="access.user_unknown",
    message_zh="没有用户“{username}”，或不在您的管理范围内。",
    remedy_zh="请核对用户名。",
    message_en="There is no user “{username}”, or not within your reach.",
    remedy_en="Check the user name.",
)
PERMISSION_UNKNOWN = RefusalKind(
    code="access.permission_unknown",
    message_zh="没有“{permission}”这个权限。",
    remedy_zh="请按“名词.动词”填写，例如 batch.upload。",
    message_en="There is no permission “{permission}”.",
    remedy_en="Write noun.verb, for example batch.upload.",
)
