"""The buckets that a stack makes: their names are taken from all of AWS."""

from __future__ import annotations

from infra.ci.scope import CiScope

# Component and role of each; a test holds it to what the program makes.
BUCKETS = (
    ("entrance", "access-logs"),
    ("storage", "audit"),
    ("storage", "config-history"),
    ("storage", "exports"),
    ("storage", "trail"),
)


def bucket_names(scope: CiScope) -> list[str]:
    """The stack's own, and that of its state."""
    own = [
        f"{scope.label.of(component).name(role, limit=50)}-{scope.account.account_id}"
        for component, role in BUCKETS
    ]
    return [scope.state_bucket_name, *own]
