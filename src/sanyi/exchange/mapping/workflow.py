"""编码选定流程: a code without a single target waits for a person."""

from sanyi.kernel.workflow import State, StateChart, Transition
from sanyi.registry.access.codes import Permission

NAME = "exchange.mapping.choice"
_CODER = frozenset({Permission.MAPPING_CHOOSE.value})
_CLOSE = ("close",)

CHART = StateChart(
    name=NAME,
    zh="编码映射选定",
    en="Choice of a code",
    states=(
        State("open", "待选定", "To be chosen"),
        State("chosen", "已选定", "Chosen"),
        State("withdrawn", "已撤回", "Withdrawn"),
    ),
    transitions=(
        Transition("choose", "选定", "Choose", "open", "chosen", _CODER, effects=("remember",)),
        Transition(
            "withdraw", "撤回", "Withdraw", "open", "withdrawn", _CODER, reason_required=True, effects=("close",)
        ),
    ),
    initial="open",
    final=frozenset({"chosen", "withdrawn"}),
)
