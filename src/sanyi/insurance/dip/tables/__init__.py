"""DIP 表约定: the stays that go in, the rows of a catalogue, and what a stay gets."""

from sanyi.insurance.dip.tables.catalogue import CATALOGUE_ROW, DISEASE_FACTOR, DISEASE_MEAN
from sanyi.insurance.dip.tables.stays import ASSIGNED, ASSIGNED_COLUMNS, DIP_STAY

__all__ = ["ASSIGNED", "ASSIGNED_COLUMNS", "CATALOGUE_ROW", "DIP_STAY", "DISEASE_FACTOR", "DISEASE_MEAN"]
