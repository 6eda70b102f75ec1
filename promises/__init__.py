"""What does Dreamloom promise, and what is measured here and now? `python -m promises`; never part of the wheel."""

from promises.registry import Measured, promise

__all__ = ["Measured", "promise"]
