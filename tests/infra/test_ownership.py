from __future__ import annotations

from infra.ownership import OWNERS
from tests.infra.recorder import Recording


def test_each_property_that_the_program_ignores_has_an_owner_and_no_other_has(built: Recording) -> None:
    ignored = {(resource.type, name) for resource in built.resources for name in resource.ignore_changes}
    assert ignored == OWNERS.keys()
