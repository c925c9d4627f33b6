"""DIP 作业: stays to a catalogue, stays and a catalogue to scores; table to table, without Django."""

from sanyi.insurance.dip.jobs.assigning import assign, assign_counties, assigned_schema
from sanyi.insurance.dip.jobs.building import Built, Report, build

__all__ = ["Built", "Report", "assign", "assign_counties", "assigned_schema", "build"]
