"""HEALTHCHECK: the command and its times, in the form that image configurations have."""

import re
from typing import Any

from sandbox.image.dockerfile import Instruction

_SECONDS = {"h": 3600, "m": 60, "s": 1, "ms": 0.001}


def read_healthcheck(instruction: Instruction) -> dict[str, Any]:
    """`Test`, and the times in nanoseconds. Raises DockerfileError."""
    kind, *rest = instruction.text.split(maxsplit=1)
    if kind.upper() == "NONE" and not rest:
        return {"Test": ["NONE"]}
    if kind.upper() != "CMD" or not rest:
        raise instruction.refuse(f"{instruction.text} is not understood", "write CMD and a command, or NONE")
    command = Instruction(line=instruction.line, keyword="HEALTHCHECK", text=rest[0])
    words = command.command()
    check: dict[str, Any] = {"Test": ["CMD", *words] if rest[0].startswith("[") else ["CMD-SHELL", rest[0]]}
    for flag, key in (("interval", "Interval"), ("timeout", "Timeout"), ("start-period", "StartPeriod")):
        if flag in instruction.flags:
            check[key] = _nanoseconds(instruction, flag)
    if "retries" in instruction.flags:
        retries = instruction.flags["retries"]
        if not retries.isdecimal():
            raise instruction.refuse(f"--retries={retries} is not a number", "write --retries=3")
        check["Retries"] = int(retries)
    return check


def _nanoseconds(instruction: Instruction, flag: str) -> int:
    text = instruction.flags[flag]
    if not re.fullmatch(r"(?:\d+(?:\.\d+)?(?:h|ms|m|s))+", text):
        raise instruction.refuse(f"--{flag}={text} is not a duration", f"write --{flag}=10s or 1m30s")
    parts = re.findall(r"(\d+(?:\.\d+)?)(h|ms|m|s)", text)
    return round(sum(float(number) * _SECONDS[unit] for number, unit in parts) * 1_000_000_000)
