"""统一管理流程: the group reports a dimension as reached, with evidence; the health bureau verifies it."""

from sanyi.insurance.package.codes.unification import UnificationStep
from sanyi.kernel.workflow import State, StateChart, Transition
from sanyi.registry.access.codes import Permission

UNIFICATION = "insurance.package.unification"
_GROUP = frozenset({Permission.PACKAGE_APPLY.value})
_VERIFIER = frozenset({Permission.PACKAGE_VERIFY.value})
_AT = UnificationStep


def _file(source: UnificationStep) -> Transition:
    return Transition(
        "file",
        "报送证据",
        "File the evidence",
        source.value,
        _AT.REACHED.value,
        _GROUP,
        evidence_required=True,
        effects=("note_reached",),
    )


UNIFICATION_CHART = StateChart(
    name=UNIFICATION,
    zh="医疗集团统一管理",
    en="Unification of a medical group",
    states=tuple(State(step.value, step.zh, step.en) for step in UnificationStep),
    transitions=(
        Transition("begin", "开始推进", "Begin", _AT.NOT_STARTED.value, _AT.IN_PROGRESS.value, _GROUP),
        _file(_AT.IN_PROGRESS),
        _file(_AT.RETURNED),
        Transition(
            "verify", "核验通过", "Verify", _AT.REACHED.value, _AT.VERIFIED.value, _VERIFIER, effects=("note_verified",)
        ),
        Transition(
            "return",
            "退回",
            "Send back",
            _AT.REACHED.value,
            _AT.RETURNED.value,
            _VERIFIER,
            reason_required=True,
            effects=("other_person",),
        ),
        Transition(
            "revoke",
            "取消核验",
            "Revoke",
            _AT.VERIFIED.value,
            _AT.REVOKED.value,
            _VERIFIER,
            reason_required=True,
            effects=("note_revoked",),
        ),
    ),
    initial=_AT.NOT_STARTED.value,
    final=frozenset({_AT.REVOKED.value}),
)
"""双人规则: who filed the evidence neither verifies it nor sends it back; what is revoked starts anew."""
