"""Reads the one kind of RUN that needs no container: an installation of locked packages into a folder."""

import shlex
from dataclasses import dataclass

from sandbox.image.dockerfile import DockerfileError, Instruction
from sandbox.image.words import WordError, expand, split_words

_CLIENTS = (
    ("pip", "install"),
    ("pip3", "install"),
    ("python", "-m", "pip", "install"),
    ("python3", "-m", "pip", "install"),
    ("uv", "pip", "install"),
)
# They change nothing about the files that are installed.
_WITHOUT_EFFECT = (
    "--disable-pip-version-check",
    "--no-cache",
    "--no-cache-dir",
    "--no-compile",
    "--no-compile-bytecode",
    "--no-deps",
    "--no-input",
    "--quiet",
    "-q",
)
_WITH_VALUE = {
    "--only-binary": "--only-binary",
    "--prefix": "--prefix",
    "--requirement": "--requirement",
    "--requirements": "--requirement",
    "--root-user-action": "--root-user-action",
    "--target": "--target",
    "-r": "--requirement",
    "-t": "--target",
}
_ALLOWED = (
    "without a container the only RUN is: pip install --require-hashes -r FILE --target DIR "
    "(or --prefix DIR; or by python -m pip, or uv pip)"
)
# Signs that a text is a script for a shell.
_SHELL = ("&&", "||", ";", "|", ">", "<", "`", "$(")


@dataclass(frozen=True, kw_only=True)
class InstallCommand:
    """The file that lists the packages with their hashes, and the folder that they go to."""

    requirements: str
    target: str


def read_install(run: Instruction, variables: dict[str, str], python: str) -> InstallCommand:
    """Understand a RUN. `python` is the version in the path below `--prefix`, such as `3.13`.

    Raises DockerfileError, which names the line and what is allowed.
    """
    if any(sign in run.text for sign in _SHELL):
        raise _refuse(run, "runs a shell script")
    try:
        words = run.command() if run.text.startswith("[") else split_words(run.text)
        words = [expand(word, variables) for word in words]
    except WordError as error:
        raise run.refuse(str(error), _ALLOWED) from error
    client = next((client for client in _CLIENTS if tuple(words[: len(client)]) == client), None)
    if client is None:
        raise _refuse(run, f"runs {shlex.join(words[:3])}")
    given = _options(run, words[len(client) :])
    if "--require-hashes" not in given:
        raise _refuse(run, "installs without --require-hashes")
    target = given.get("--target") or (
        f"{given['--prefix']}/lib/python{python}/site-packages" if given.get("--prefix") else None
    )
    if not given.get("--requirement") or not target:
        raise _refuse(run, "installs without both -r FILE and --target DIR")
    return InstallCommand(requirements=given["--requirement"], target=target)


def _options(run: Instruction, words: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        name, has_value, value = word.partition("=")
        if name in _WITHOUT_EFFECT:
            continue
        if name == "--require-hashes":
            given[name] = ""
        elif name in _WITH_VALUE and _WITH_VALUE[name] not in given:
            given[_WITH_VALUE[name]] = value if has_value else next(rest, "")
        else:
            raise _refuse(run, f"installs with {word}")
    return given


def _refuse(run: Instruction, what: str) -> DockerfileError:
    return run.refuse(what, _ALLOWED)
