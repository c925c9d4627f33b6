"""作业代码: states of a run and the refusals of runs."""

from enum import StrEnum

from sanyi.kernel.refusals import RefusalKind
from sanyi.registry.doors.codes import answers_with


class RunState(StrEnum):
    """作业状态."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    FAILED = "failed"
    DONE = "done"

    @property
    def zh(self) -> str:
        """中文名."""
        return _NAMES[self][0]

    @property
    def en(self) -> str:
        """英文名."""
        return _NAMES[self][1]

    @property
    def is_final(self) -> bool:
        """是否结束."""
        return self in FINAL


_NAMES = {
    RunState.QUEUED: ("排队中", "Queued"),
    RunState.RUNNING: ("进行中", "Running"),
    RunState.CANCELLING: ("正在取消", "Cancelling"),
    RunState.CANCELLED: ("已取消", "Cancelled"),
    RunState.FAILED: ("失败", "Failed"),
    RunState.DONE: ("已完成", "Done"),
}
FINAL = frozenset({RunState.CANCELLED, RunState.FAILED, RunState.DONE})
UNDER_WAY = frozenset({RunState.RUNNING, RunState.CANCELLING})
RESUMABLE = frozenset({RunState.CANCELLED, RunState.FAILED})

FACTS = {
    "package_version": ("程序版本", "Version of the program"),
    "attempt": ("执行次数", "Attempt"),
    "rulebook_version": ("规则版本", "Version of the rules"),
    "policy_digest": ("政策参数摘要", "Digest of the policy values"),
    "batch_number": ("批次号", "Batch"),
    "row_count": ("行数", "Rows"),
    "stay_count": ("病例数", "Stays"),
    "lake_version": ("数据湖版本", "Version in the lake"),
    "scheme": ("分组方案", "Scheme"),
    "mode": ("方式", "Mode"),
}
"""常见结果与来源的名称: fields that many kinds of runs leave behind; a kind adds its own with ``labels``."""

KIND_UNKNOWN = RefusalKind(
    code="runs.kind_unknown",
    message_zh="没有“{kind}”这种作业。",
    remedy_zh="请从页面上的按钮发起作业。",
    message_en="There is no kind of run “{kind}”.",
    remedy_en="Start runs from the buttons of a page.",
)
NOT_CANCELLABLE = RefusalKind(
    code="runs.not_cancellable",
    message_zh="作业 {number} 已经结束（{state}），不能取消。",
    remedy_zh="请刷新页面查看结果。",
    message_en="Run {number} has ended ({state_en}) and cannot be cancelled.",
    remedy_en="Reload the page to see its result.",
)
NOT_RESUMABLE = RefusalKind(
    code="runs.not_resumable",
    message_zh="作业 {number} 的状态为“{state}”，不能恢复。",
    remedy_zh="只有已取消或失败的作业可以恢复。",
    message_en="Run {number} is “{state_en}” and cannot be resumed.",
    remedy_en="Only cancelled and failed runs can be resumed.",
)
TOO_MANY_ATTEMPTS = RefusalKind(
    code="runs.too_many_attempts",
    message_zh="作业处理进程已中断 {attempts} 次，不再自动重试。",
    remedy_zh="请把作业编号告知系统管理员；排除原因后可点击“恢复”。",
    message_en="The process of this run broke off {attempts} times; it is not tried again by itself.",
    remedy_en="Tell the administrator the number of the run; resume it when the cause is mended.",
)
FAULT = RefusalKind(
    code="runs.fault",
    message_zh="作业因系统故障中止，已记录。",
    remedy_zh="请把作业编号 {number} 告知系统管理员；数据没有损坏，可在修复后恢复。",
    message_en="The run stopped because of a fault of the system, which was recorded.",
    remedy_en="Tell the administrator the number {number}; nothing is damaged, resume it after the repair.",
)
answers_with(409, NOT_CANCELLABLE, NOT_RESUMABLE)
