"""Dreamloom: nights of shared dreaming. Not a medical device."""

__version__ = "0.1.0"
