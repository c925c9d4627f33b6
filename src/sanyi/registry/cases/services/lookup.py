"""查办件."""

from sanyi.registry.cases.models import Case


def get(number: str) -> Case | None:
    """办件: by its number, None when there is none."""
    return Case.objects.filter(number=number).first()
