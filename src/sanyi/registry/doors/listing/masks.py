"""脱敏: how names, numbers and addresses are shown to those who may not identify a person."""

from enum import StrEnum

HIDDEN = "*"


class Mask(StrEnum):
    """脱敏方式."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    ADDRESS = "address"
    ALL = "all"


def masked(value: object, mask: Mask) -> str:
    """脱敏后的文字: the length of a name or number stays, so that a reader sees that something is there.

    Names keep the first character, numbers and phones the first three and the last four, addresses the first six.
    """
    text = "" if value is None else str(value)
    if mask is Mask.NAME:
        return text[:1] + HIDDEN * (len(text) - 1)
    if mask is Mask.ADDRESS:
        return text[:6] + HIDDEN * min(6, max(0, len(text) - 6))
    if mask is Mask.ALL:
        return HIDDEN * min(6, len(text))
    if len(text) < 9:
        return text[:1] + HIDDEN * max(0, len(text) - 1)
    return text[:3] + HIDDEN * (len(text) - 7) + text[-4:]
