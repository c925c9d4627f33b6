"""数据交换: models of all topics, re-exported so that the area has one line of migrations."""

from sanyi.exchange.intake.models import Batch
from sanyi.exchange.mapping.models import CodeChoice, MappingQuestion

__all__ = ["Batch", "CodeChoice", "MappingQuestion"]
