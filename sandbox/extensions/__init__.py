"""Where moto answers otherwise than AWS: one file a service, each change with its reason.

Applied to moto's classes when the control plane starts, and removable, so that a test can ask plain moto
whether it has learnt a thing and the extension can go.
"""

from sandbox.extensions.registry import apply, removed

__all__ = ["apply", "removed"]
