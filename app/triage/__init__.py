"""The triage service: reads a support ticket and says where it goes."""

__version__ = "0.1.0"
