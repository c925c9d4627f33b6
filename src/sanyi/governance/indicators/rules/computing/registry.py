"""规则登记: every computed rule by its name."""

from __future__ import annotations

from sanyi.governance.indicators.rules.computing.declaration import Rule
from sanyi.governance.indicators.rules.computing.staff import STAFF
from sanyi.governance.indicators.rules.computing.stays import STAYS
from sanyi.governance.indicators.rules.computing.wholes import WHOLES

_ALL: tuple[Rule, ...] = (*STAYS, *WHOLES, *STAFF)
RULES: dict[str, Rule] = {rule.name: rule for rule in _ALL}
