"""医保: models of all topics, re-exported so that the area has one line of migrations."""

from sanyi.insurance.grouping.models import BatchGrouping

__all__ = ["BatchGrouping"]
