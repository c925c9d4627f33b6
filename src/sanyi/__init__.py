"""三医: open software that runs a county's health system on one set of records."""

__version__ = "0.1.0"
