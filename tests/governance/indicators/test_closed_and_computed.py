"""A closed period and the computation of its year: in a file of its own, for its county lives as long as the file."""

from __future__ import annotations

from datetime import datetime

from sanyi.governance.indicators import services
from sanyi.governance.indicators.services import periods
from tests.registry import county as small
from tests.registry.county import COUNTY

REASON = "年报已定稿，缺项不再等待"


def test_recomputing_leaves_a_closed_period_and_says_so(measured: small.County) -> None:
    from tests.governance.indicators import stays
    from tests.insurance import settlements

    by = measured.actor("reform_office")
    periods.close("2025Q1", by=by, county_code=COUNTY, reason=REASON)
    settlements.write([stays.stay(19, datetime(2025, 3, 9, 10))], batch_number=2)
    counted = services.computing.compute([2025])
    assert counted["frozen_periods"] == ["2025-01", "2025-02", "2025-03", "2025Q1"]
    value = services.reading.value("inpatient.discharges", "2025-03", node_code=COUNTY)
    assert value is not None and value.value_e6 == 5_000_000
    periods.unlock("2025Q1", by=by, county_code=COUNTY, reason="补传病案")
    services.computing.compute([2025])
    value = services.reading.value("inpatient.discharges", "2025-03", node_code=COUNTY)
    assert value is not None and value.value_e6 == 6_000_000
