"""The stages of a Dockerfile: what each instruction does to the files and the configuration."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.errors import SandboxError
from sandbox.image import dependencies
from sandbox.image.copying import copy, inside
from sandbox.image.dockerfile import Dockerfile, Instruction
from sandbox.image.healthcheck import read_healthcheck
from sandbox.image.install_command import read_install
from sandbox.image.tree import Entry, File, Folder, Tree
from sandbox.image.words import WordError, expand, split_words


@dataclass
class State:
    """A stage while it is built."""

    base: str
    variables: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    tree: dict[str, Entry] = field(default_factory=dict)
    steps: list[tuple[str, Tree | None]] = field(default_factory=list)
    workdir: str = "/"

    def add(self, instruction: Instruction, files: Tree) -> None:
        for path in files:
            parents = path.split("/")[:-1]
            for end in range(1, len(parents) + 1):
                if isinstance(self.tree.get("/".join(parents[:end])), File):
                    raise instruction.refuse(
                        f"/{path} lies below /{'/'.join(parents[:end])}, which is a file",
                        "choose another destination",
                    )
            if isinstance(files[path], Folder) != isinstance(self.tree.get(path, files[path]), Folder):
                raise instruction.refuse(
                    f"/{path} is a folder here and a file there", "choose another destination"
                )
        self.tree.update(files)
        self.steps.append((f"{instruction.keyword} {instruction.text}", files))


class Stages:
    """Builds the stages that are asked for, and those that they need."""

    def __init__(
        self, dockerfile: Dockerfile, context: Tree, arguments: Mapping[str, str], cache: Path
    ) -> None:
        self._dockerfile = dockerfile
        self._context = context
        self._arguments = arguments
        self._cache = cache
        self._built: dict[int, State] = {}
        self._globals: dict[str, str] = {}
        for instruction in dockerfile.arguments:
            self._declare(instruction, self._globals, {})
        self._names: dict[str, int] = {}
        self._bases: list[str] = []
        for index, stage in enumerate(dockerfile.stages):
            base, *rest = self._words(stage.origin, self._globals)
            if rest and (len(rest) != 2 or rest[0].upper() != "AS"):
                raise stage.origin.refuse(
                    f"{stage.origin.text} is not understood", "write FROM IMAGE AS NAME"
                )
            self._bases.append(base)
            if rest:
                self._names[rest[1].lower()] = index
        self._refuse_unknown_arguments()

    def index_of(self, target: str | None) -> int:
        """The stage of a name or number; the last one for None."""
        if target is None:
            return len(self._bases) - 1
        if target.lower() in self._names:
            return self._names[target.lower()]
        if target.isdecimal() and int(target) < len(self._bases):
            return int(target)
        raise SandboxError(
            f"the Dockerfile has no stage {target!r}; it has {', '.join(self._names) or 'none with a name'}",
            "correct build.target",
        )

    def built(self, index: int) -> State:
        """The stage, built when it is first asked for."""
        if index not in self._built:
            self._built[index] = self._build(index)
        return self._built[index]

    def _build(self, index: int) -> State:
        base = self._bases[index]
        earlier = self._names.get(base.lower())
        if earlier is not None and earlier < index:
            from_stage = self.built(earlier)
            state = State(
                base=from_stage.base,
                environment=dict(from_stage.environment),
                variables=dict(from_stage.environment),
                config=dict(from_stage.config),
                tree=dict(from_stage.tree),
                steps=list(from_stage.steps),
                workdir=from_stage.workdir,
            )
        else:
            state = State(base=base)
        for instruction in self._dockerfile.stages[index].instructions:
            self._perform(instruction, state, index)
        return state

    def _perform(self, instruction: Instruction, state: State, index: int) -> None:
        match instruction.keyword:
            case "COPY":
                self._copy(instruction, state, index)
                return
            case "RUN":
                self._run(instruction, state)
                return
            case "ARG":
                self._declare(instruction, state.variables, self._globals)
            case "ENV" | "LABEL":
                pairs = self._pairs(instruction, state.variables)
                if instruction.keyword == "LABEL":
                    state.config["Labels"] = {**state.config.get("Labels", {}), **pairs}
                else:
                    state.environment |= pairs
                    state.variables |= pairs
            case "WORKDIR":
                (path,) = self._words(instruction, state.variables, count=1)
                state.workdir = posixpath.normpath(posixpath.join(state.workdir, path))
                state.config["WorkingDir"] = state.workdir
                if inside(path) and inside(state.workdir) not in state.tree:
                    state.add(instruction, {inside(state.workdir): Folder()})
                    return
            case "USER":
                (state.config["User"],) = self._words(instruction, state.variables, count=1)
            case "EXPOSE":
                ports = [_port(instruction, word) for word in self._words(instruction, state.variables)]
                exposed = {**state.config.get("ExposedPorts", {}), **{port: {} for port in ports}}
                state.config["ExposedPorts"] = dict(sorted(exposed.items()))
            case "STOPSIGNAL":
                (state.config["StopSignal"],) = self._words(instruction, state.variables, count=1)
            case "HEALTHCHECK":
                state.config["Healthcheck"] = read_healthcheck(instruction)
            case "ENTRYPOINT":
                state.config["Entrypoint"] = instruction.command()
                state.config.pop("Cmd", None)
            case "CMD":
                state.config["Cmd"] = instruction.command()
        state.steps.append((f"{instruction.keyword} {instruction.text}", None))

    def _copy(self, instruction: Instruction, state: State, index: int) -> None:
        flags = {
            name: self._expand(instruction, value, state.variables)
            for name, value in instruction.flags.items()
        }
        source: Tree = self._context
        if "from" in flags:
            source = self.built(self._earlier(instruction, flags["from"], index)).tree
        words = (
            instruction.command()
            if instruction.text.startswith("[")
            else self._words(instruction, state.variables)
        )
        files = copy(instruction, words, flags, source=source, there=state.tree, workdir=state.workdir)
        state.add(instruction, files)

    def _run(self, instruction: Instruction, state: State) -> None:
        version = re.match(r"(?:.*/)?python:(\d+\.\d+)", state.base)
        install = read_install(instruction, state.variables, version[1] if version else "3")
        listed = state.tree.get(inside(posixpath.join(state.workdir, install.requirements)))
        if not isinstance(listed, File):
            raise instruction.refuse(
                f"there is no {install.requirements} in this stage", "COPY it in a line above"
            )
        target = inside(posixpath.join(state.workdir, install.target))
        packages = dependencies.install(listed.read(), self._cache)
        state.add(instruction, {f"{target}/{path}": entry for path, entry in packages.items()})

    def _earlier(self, instruction: Instruction, name: str, index: int) -> int:
        known = {**self._names, **{str(number): number for number in range(index)}}
        found = known.get(name.lower(), index)
        if found >= index:
            earlier = ", ".join(stage for stage, number in self._names.items() if number < index)
            raise instruction.refuse(
                f"--from={name} is no earlier stage; those are {earlier or 'none'}",
                "another image cannot be fetched without a registry: copy from a stage",
            )
        return found

    def _declare(self, arg: Instruction, variables: dict[str, str], outer: Mapping[str, str]) -> None:
        for word in split_words(arg.text):
            name, has_default, default = word.partition("=")
            if name in self._arguments:
                variables[name] = self._arguments[name]
            elif has_default:
                variables[name] = self._expand(arg, default, variables)
            elif name in outer:
                variables[name] = outer[name]

    def _refuse_unknown_arguments(self) -> None:
        every = [*self._dockerfile.arguments, *(i for s in self._dockerfile.stages for i in s.instructions)]
        declared = {
            word.partition("=")[0] for i in every if i.keyword == "ARG" for word in split_words(i.text)
        }
        if unknown := sorted(set(self._arguments) - declared):
            raise SandboxError(
                f"the Dockerfile has no ARG {', '.join(unknown)}; "
                f"it has {', '.join(sorted(declared)) or 'none'}",
                "correct build.args, or declare it with ARG",
            )

    def _pairs(self, instruction: Instruction, variables: Mapping[str, str]) -> dict[str, str]:
        pairs = {}
        for word in self._split(instruction):
            name, equals, value = word.partition("=")
            if not equals:
                raise instruction.refuse(f"{word} has no value", "write NAME=value")
            pairs[self._expand(instruction, name, {})] = self._expand(instruction, value, variables)
        return pairs

    def _words(
        self, instruction: Instruction, variables: Mapping[str, str], count: int | None = None
    ) -> list[str]:
        words = [self._expand(instruction, word, variables) for word in self._split(instruction)]
        if count is not None and len(words) != count:
            raise instruction.refuse(f"{instruction.text} is {len(words)} words", f"write {count}")
        return words

    def _split(self, instruction: Instruction) -> list[str]:
        try:
            return split_words(instruction.text)
        except WordError as error:
            raise instruction.refuse(str(error), "close the quote") from error

    def _expand(self, instruction: Instruction, text: str, variables: Mapping[str, str]) -> str:
        try:
            return expand(text, variables)
        except WordError as error:
            raise instruction.refuse(str(error), "give it a value by ARG or ENV above") from error


def _port(instruction: Instruction, word: str) -> str:
    match = re.fullmatch(r"(\d{1,5})(?:/(tcp|udp))?", word)
    if match is None or not 0 < int(match[1]) < 65536:
        raise instruction.refuse(f"{word} is not a port", "write a number, or 53/udp")
    return f"{match[1]}/{match[2] or 'tcp'}"
