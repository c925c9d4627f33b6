"""用途: what findings may be read and made for."""

from sanyi.registry.access.codes import Purpose

READ_PURPOSES = (Purpose.PAYMENT, Purpose.SUPERVISION, Purpose.CARE, Purpose.ADMINISTRATION, Purpose.AUDIT)
WORK_PURPOSES = (Purpose.PAYMENT, Purpose.SUPERVISION, Purpose.CARE, Purpose.ADMINISTRATION)
