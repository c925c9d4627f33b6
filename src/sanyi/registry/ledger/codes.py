"""账簿代码: kinds of accounts and the refusals of the ledger."""

from enum import StrEnum

from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.doors.codes import answers_with


class AccountKind(StrEnum):
    """科目类别: assets and expenses grow on the debit side, the others on the credit side."""

    ASSET = "asset"
    LIABILITY = "liability"
    FUND = "fund"
    INCOME = "income"
    EXPENSE = "expense"

    @property
    def zh(self) -> str:
        """中文名."""
        return _NAMES[self][0]

    @property
    def en(self) -> str:
        """英文名."""
        return _NAMES[self][1]

    @property
    def is_debit_normal(self) -> bool:
        """是否借方余额."""
        return self in (AccountKind.ASSET, AccountKind.EXPENSE)


_NAMES = {
    AccountKind.ASSET: ("资产", "Asset"),
    AccountKind.LIABILITY: ("负债", "Liability"),
    AccountKind.FUND: ("净资产", "Fund balance"),
    AccountKind.INCOME: ("收入", "Income"),
    AccountKind.EXPENSE: ("支出", "Expense"),
}

UNBALANCED = RefusalKind(
    code="ledger.unbalanced",
    message_zh="借方合计 {debit} 元与贷方合计 {credit} 元不相等，未记账。",
    remedy_zh="请核对各分录金额。",
    message_en="Debits of {debit} yuan and credits of {credit} yuan differ; nothing was posted.",
    remedy_en="Check the amounts.",
)
TOO_FEW_LINES = RefusalKind(
    code="ledger.too_few_lines",
    message_zh="一张凭证至少要有两条分录，且金额大于零。",
    remedy_zh="请补全分录。",
    message_en="An entry has at least two postings, each of more than nothing.",
    remedy_en="Complete the postings.",
)
AMOUNT_WRONG = RefusalKind(
    code="ledger.amount_wrong",
    message_zh="第 {line} 条分录的金额无效：借、贷必须恰有一方大于零，且不超过 {limit} 元。",
    remedy_zh="请改正金额。",
    message_en="Posting {line}: exactly one of debit and credit is above zero and at most {limit} yuan.",
    remedy_en="Mend the amount.",
)
ACCOUNT_UNKNOWN = RefusalKind(
    code="ledger.account_unknown",
    message_zh="账簿 {book} 没有科目“{account}”，或该科目在 {on} 未启用。",
    remedy_zh="请先设置科目，或改用在用科目。",
    message_en="The books of {book} have no account “{account}” open on {on}.",
    remedy_en="Open the account first, or use another.",
)
ACCOUNT_DIFFERS = RefusalKind(
    code="ledger.account_differs",
    message_zh="科目“{account}”已经存在，且名称或类别不同。",
    remedy_zh="请改用新的科目代码。",
    message_en="The account “{account}” exists with another name or kind.",
    remedy_en="Use a new code.",
)
DOCUMENT_POSTED = RefusalKind(
    code="ledger.document_posted",
    message_zh="单据 {document} 已记账（凭证 {number}），内容不同，不能重复记账。",
    remedy_zh="如需更正，请先冲销凭证 {number}。",
    message_en="Document {document} was posted as entry {number} with another content.",
    remedy_en="Reverse entry {number} first.",
)
ALREADY_REVERSED = RefusalKind(
    code="ledger.already_reversed",
    message_zh="凭证 {number} 已被冲销，或本身就是冲销凭证。",
    remedy_zh="请核对凭证。",
    message_en="Entry {number} was reversed already, or is itself a reversal.",
    remedy_en="Check the entry.",
)
answers_with(409, DOCUMENT_POSTED, ALREADY_REVERSED)
