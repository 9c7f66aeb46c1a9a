"""A laboratory that plays a social credit policy out on a wholly synthetic city."""

__version__ = "0.1.0"
