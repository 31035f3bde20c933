"""`slipway engine`, and where the Pulumi engine comes from: PATH, the official installer, or its source."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from scripts.engine_cache import cache_folder, locked, make_folder
from scripts.engine_check import UnsuitableError, check_engine
from scripts.engine_make import UnavailableError, build_from_source, install_official, refresh_launcher
from scripts.errors import CommandError

_CHOICE = "SLIPWAY_ENGINE"
_REASON_FILE = "reason.txt"


class EngineSource(StrEnum):
    """Where an engine is from, in the order in which they are tried; GIVEN is only ever asked for."""

    PATH = "path"
    OFFICIAL = "official"
    SOURCE = "source"
    GIVEN = "given"


_DESCRIPTION = {
    EngineSource.PATH: "pulumi on PATH",
    EngineSource.OFFICIAL: "the official release, in Slipway's cache",
    EngineSource.SOURCE: "built from source, in Slipway's cache",
    EngineSource.GIVEN: "a path",
}
_MAKERS = {EngineSource.OFFICIAL: install_official, EngineSource.SOURCE: build_from_source}


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A Pulumi command line that can run this project. `reason` says why this one, and why no earlier one."""

    path: Path
    version: str
    source: EngineSource
    reason: str


def pinned_version() -> str:
    """The version that the engine is pinned to: that of the installed SDK, which tools/go.mod repeats."""
    return metadata.version("pulumi")


def find_engine() -> Engine | None:
    """Return the engine to use if there is one already; get and build nothing.

    Raises CommandError if SLIPWAY_ENGINE names something that is no source and no file.
    """
    return _search()[0]


def ensure_engine(*, console: Console) -> Engine:
    """Return the engine to use; install or build it first if there is none, with progress on `console`.

    Two runs at once make it once. Raises CommandError, with a reason for each source, if none can be had.
    """
    engine, _ = _search()
    if engine is not None:
        return engine
    with locked(cache_folder() / f"pulumi-{pinned_version()}.lock", console):
        engine, passed_over = _search()
        for source in _sources() if engine is None else ():
            make = _MAKERS.get(source)
            if make is None:
                continue
            del passed_over[source]
            try:
                with make_folder(_folder(source)) as folder:
                    make(folder, pinned_version(), console)
                    # Only what a candidate from elsewhere would have to pass counts as made.
                    check_engine(_binary(folder), pinned_version())
                    refused = passed_over.get(EngineSource.OFFICIAL, "")
                    (folder / _REASON_FILE).write_text(refused, encoding="utf-8")
            except (UnavailableError, UnsuitableError) as error:
                passed_over[source] = f"{source}: {error}"
                console.print(f"engine   {passed_over[source]}", soft_wrap=True, markup=False)
            else:
                break
        engine, _ = _search()
    if engine is None:
        raise CommandError(
            "no Pulumi engine: " + "; ".join(passed_over.values()),
            "put a suitable `pulumi` on PATH, or make one of the others possible, and run this again",
        )
    return engine


def run(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Say which Pulumi engine is used, why, and its version; get or build it first if there is none."""
    engine = ensure_engine(console=Console(stderr=True, highlight=False))
    if as_json:
        typer.echo(json.dumps({name: str(value) for name, value in asdict(engine).items()}, indent=2))
        return
    for name in ("path", "version", "source", "reason"):
        typer.echo(f"{name:<8} {getattr(engine, name)}")


def _search() -> tuple[Engine | None, dict[EngineSource, str]]:
    """The first suitable engine that exists, and why those before it are not it."""
    passed_over: dict[EngineSource, str] = {}
    for source in _sources():
        try:
            path = _candidate(source)
            version = check_engine(path, pinned_version())
        except UnsuitableError as error:
            passed_over[source] = f"{source}: {error}"
            continue
        if source is EngineSource.SOURCE:
            refresh_launcher(path.parent)
            if (refused := _why_it_was_built(path)) and EngineSource.OFFICIAL in passed_over:
                passed_over[EngineSource.OFFICIAL] = refused
        reason = _DESCRIPTION[source]
        if _CHOICE in os.environ:
            reason += f", as {_CHOICE} asks"
        elif passed_over:
            reason += f"; passed over: {'; '.join(passed_over.values())}"
        return Engine(path=path, version=version, source=source, reason=reason), passed_over
    return None, passed_over


def _sources() -> tuple[EngineSource, ...]:
    choice = os.environ.get(_CHOICE, "")
    if not choice:
        return EngineSource.PATH, EngineSource.OFFICIAL, EngineSource.SOURCE
    if choice in _MAKERS or choice == EngineSource.PATH:
        return (EngineSource(choice),)
    if os.sep in choice and Path(choice).is_file():
        return (EngineSource.GIVEN,)
    raise CommandError(
        f"{_CHOICE} is {choice!r}; it may be path, official, source, or the path of a pulumi executable",
        f"correct it, or unset it to let Slipway choose: unset {_CHOICE}",
    )


def _candidate(source: EngineSource) -> Path:
    """Where the engine of a source is. Raises UnsuitableError if there is none."""
    match source:
        case EngineSource.GIVEN:
            return Path(os.environ[_CHOICE]).absolute()
        case EngineSource.PATH:
            found = shutil.which("pulumi", path=_path_without_our_own())
            if found is None:
                raise UnsuitableError("there is no pulumi on PATH")
            return Path(found).absolute()
        case _:
            path = _binary(_folder(source))
            if not path.is_file():
                raise UnsuitableError("not in the cache")
            return path


def _path_without_our_own() -> str:
    # `slipway sandbox env` puts the engine in use first on PATH; one of ours is still one of ours.
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return os.pathsep.join(
        folder for folder in folders if folder and not Path(folder).absolute().is_relative_to(cache_folder())
    )


def _folder(source: EngineSource) -> Path:
    return cache_folder() / f"pulumi-{pinned_version()}-{source}"


def _binary(folder: Path) -> Path:
    # The layout of the official installer, and what the Automation API expects of PulumiCommand(root=…).
    return folder / "bin" / "pulumi"


def _why_it_was_built(path: Path) -> str:
    try:
        return (path.parent.parent / _REASON_FILE).read_text(encoding="utf-8")
    except OSError:
        return ""
