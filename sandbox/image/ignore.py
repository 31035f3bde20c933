"""The patterns of a `.dockerignore`: what never enters a build."""

import re
from pathlib import Path

from sandbox.errors import SandboxError


class Ignore:
    """Says which paths are left out. The last pattern that matches a path, or a folder above it, decides."""

    def __init__(self, text: str) -> None:
        self._rules: list[tuple[bool, re.Pattern[str]]] = []
        for number, raw in enumerate(text.splitlines(), start=1):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            keeps = line.startswith("!")
            pattern = line.lstrip("!").strip().strip("/").removeprefix("./")
            if not pattern or ".." in pattern.split("/"):
                raise SandboxError(
                    f".dockerignore line {number}: {line!r} names nothing inside the folder",
                    "write a path relative to the folder that is built, or remove the line",
                )
            try:
                self._rules.append((keeps, re.compile(translate(pattern))))
            except re.error as error:
                raise SandboxError(
                    f".dockerignore line {number}: {line!r} is not a pattern: {error}", "correct the brackets"
                ) from error

    @classmethod
    def of(cls, context: Path, dockerfile: Path) -> "Ignore":
        """`<Dockerfile>.dockerignore`, or else the `.dockerignore` of the folder, or nothing."""
        for path in (dockerfile.with_name(dockerfile.name + ".dockerignore"), context / ".dockerignore"):
            if path.is_file():
                return cls(path.read_text())
        return cls("")

    def __call__(self, path: str) -> bool:
        steps = path.split("/")
        prefixes = ["/".join(steps[: end + 1]) for end in range(len(steps))]
        ignored = False
        for keeps, pattern in self._rules:
            if any(pattern.fullmatch(prefix) for prefix in prefixes):
                ignored = not keeps
        return ignored


def translate(pattern: str) -> str:
    """A Dockerfile pattern as a regular expression: `*` and `?` stay within a folder, `**` does not."""
    result, position = "", 0
    while position < len(pattern):
        if pattern.startswith("**/", position):
            result, position = result + "(?:.*/)?", position + 3
        elif pattern.startswith("**", position):
            result, position = result + ".*", position + 2
        elif pattern[position] == "*":
            result, position = result + "[^/]*", position + 1
        elif pattern[position] == "?":
            result, position = result + "[^/]", position + 1
        elif pattern[position] == "[" and (end := pattern.find("]", position + 2)) > 0:
            body = pattern[position + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            result, position = result + f"[{body}]", end + 1
        elif pattern[position] == "\\" and position + 1 < len(pattern):
            result, position = result + re.escape(pattern[position + 1]), position + 2
        else:
            result, position = result + re.escape(pattern[position]), position + 1
    return result
