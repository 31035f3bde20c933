"""Reads a Dockerfile into stages of instructions. It knows the language and not what the words do."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.errors import SandboxError

# The flags that each instruction takes here. What is not in this table is refused by name.
FLAGS: dict[str, tuple[str, ...]] = {
    "ARG": (),
    "CMD": (),
    "COPY": ("chmod", "chown", "from"),
    "ENTRYPOINT": (),
    "ENV": (),
    "EXPOSE": (),
    "FROM": ("platform",),
    "HEALTHCHECK": ("interval", "retries", "start-period", "timeout"),
    "LABEL": (),
    "RUN": (),
    "STOPSIGNAL": (),
    "USER": (),
    "WORKDIR": (),
}
HINTS = {
    "ADD": "use COPY: it never fetches and never unpacks",
    "MAINTAINER": 'use LABEL org.opencontainers.image.authors="..."',
    "SHELL": "write CMD and ENTRYPOINT as a JSON list, which needs no shell",
    "VOLUME": "declare the volume in the task definition",
}
HEREDOC = re.compile(r"<<-?\s*[\"']?[A-Za-z_]")


class DockerfileError(SandboxError):
    """A Dockerfile that cannot be built here; the message starts with the line."""

    def __init__(self, line: int, problem: str, hint: str) -> None:
        super().__init__(f"Dockerfile line {line}: {problem}", hint)
        self.line = line


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """One instruction; `line` counts from 1, `text` is what follows the flags, on one line."""

    line: int
    keyword: str
    text: str
    flags: dict[str, str] = field(default_factory=dict)

    def refuse(self, problem: str, hint: str) -> DockerfileError:
        """The error that names this instruction's line."""
        return DockerfileError(self.line, f"{self.keyword}: {problem}", hint)

    def command(self) -> list[str]:
        """The command of CMD, ENTRYPOINT and HEALTHCHECK: a JSON list as it is, other text for a shell."""
        if not self.text.startswith("["):
            return ["/bin/sh", "-c", self.text]
        try:
            words = json.loads(self.text)
        except ValueError:
            words = None
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise self.refuse(
                f"{self.text} begins like a JSON list and is none", 'write ["program", "argument"]'
            )
        return words


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What stands between one FROM and the next."""

    origin: Instruction
    instructions: tuple[Instruction, ...]


@dataclass(frozen=True, kw_only=True)
class Dockerfile:
    """The ARGs before the first FROM, and the stages."""

    arguments: tuple[Instruction, ...]
    stages: tuple[Stage, ...]


def parse(text: str) -> Dockerfile:
    """Read a Dockerfile. Raises DockerfileError, which names the line."""
    instructions = [_instruction(line, logical) for line, logical in _logical_lines(text)]
    starts = [index for index, instruction in enumerate(instructions) if instruction.keyword == "FROM"]
    if not starts:
        raise DockerfileError(1, "there is no FROM", "begin with FROM <base image> or FROM scratch")
    for instruction in instructions[: starts[0]]:
        if instruction.keyword != "ARG":
            raise instruction.refuse("stands before the first FROM", "only ARG may stand there")
    ends = [*starts[1:], len(instructions)]
    stages = tuple(
        Stage(origin=instructions[start], instructions=tuple(instructions[start + 1 : end]))
        for start, end in zip(starts, ends, strict=True)
    )
    return Dockerfile(arguments=tuple(instructions[: starts[0]]), stages=stages)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    first, pending = 0, ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("#"):
            if re.match(r"#\s*escape\s*=\s*[^\\\s]", line, re.IGNORECASE):
                raise DockerfileError(number, "another escape character", "remove it and use the backslash")
            continue
        if not line:
            continue
        first = first or number
        if line.endswith("\\"):
            pending += line[:-1].rstrip() + " "
            continue
        yield first, pending + line
        first, pending = 0, ""
    if pending:
        raise DockerfileError(first, "ends in a backslash with nothing after it", "remove the backslash")


def _instruction(line: int, logical: str) -> Instruction:
    keyword, *rest = logical.split(maxsplit=1)
    keyword, text = keyword.upper(), rest[0] if rest else ""
    if keyword not in FLAGS:
        raise DockerfileError(
            line,
            f"{keyword} cannot be built here; what can is {', '.join(FLAGS)}",
            HINTS.get(keyword, "correct or remove the line"),
        )
    flags: dict[str, str] = {}
    while match := re.match(r"--([a-z-]+)(?:=(\S*))?(?:\s+|$)", text):
        if match[1] not in FLAGS[keyword]:
            known = ", ".join(f"--{flag}" for flag in FLAGS[keyword]) or "none"
            raise DockerfileError(
                line,
                f"{keyword} does not take --{match[1]} here; it takes {known}",
                "remove the flag",
            )
        flags[match[1]] = match[2] or ""
        text = text[match.end() :]
    if not text:
        raise DockerfileError(line, f"{keyword} says nothing", "add what it needs or remove the line")
    if keyword in ("RUN", "COPY") and HEREDOC.search(text):
        raise DockerfileError(line, f"{keyword} with a here-document", "put the text into a file and COPY it")
    return Instruction(line=line, keyword=keyword, text=text, flags=flags)
