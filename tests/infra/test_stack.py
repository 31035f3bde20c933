from tests.infra.recorder import Recording


def test_builds(built: Recording) -> None:
    assert built.resources
