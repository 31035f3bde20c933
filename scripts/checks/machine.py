"""Checks of this machine: nothing is asked of AWS."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from scripts.checks.finding import Check, Finding, Patient, unknown, well, wrong

_SDK, _PLUGIN = "pulumi-aws", "aws"
_OLDEST_PYTHON = (3, 11)


def python(patient: Patient) -> Finding:
    del patient
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _OLDEST_PYTHON:
        return wrong(f"Python {version}", "take 3.11 or newer: make PYTHON=python3.13 setup")
    # beside this interpreter, where `make setup` puts it, or on PATH
    uv = shutil.which(
        "uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    if uv is None:
        return wrong(f"Python {version}, and no uv", "make setup")
    return well(f"Python {version}, {uv}")


def engine(patient: Patient) -> Finding:
    if patient.engine is None:
        return wrong("there is no Pulumi engine yet", "make engine")
    return well(f"pulumi {patient.engine.version} ({patient.engine.source}), {patient.engine.path}")


def wanted_plugin() -> str:
    """The version of the official plugin that the program was written against."""
    return metadata.version(_SDK)


def plugin(patient: Patient) -> Finding:
    """The official AWS plugin, of the SDK's version; or what stands in for it in the sandbox."""
    wanted = wanted_plugin()
    stand_in = [
        each for each in os.environ.get("PULUMI_DEBUG_PROVIDERS", "").split(",") if each.startswith("aws:")
    ]
    if stand_in:
        return well(f"the sandbox's own provider stands in for {_SDK} {wanted}")
    get = f"pulumi plugin install resource {_PLUGIN} {wanted}"
    if patient.engine is None:
        return unknown("without an engine there is no list of plugins", "make engine")
    done = subprocess.run(
        [str(patient.engine.path), "plugin", "ls", "--json"], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        return unknown(f"pulumi plugin ls: {done.stderr.strip()}", get)
    found = [each["version"] for each in json.loads(done.stdout) or () if each["name"] == _PLUGIN]
    if wanted in found:
        return well(f"the official plugin {_SDK} {wanted}")
    built = "; this engine was built from source, and has no plugins with it"
    said = (
        f"the official plugin {_SDK} {wanted} is not here{built if patient.engine.source == 'source' else ''}"
    )
    return unknown(f"{said}: whether the first up can fetch it depends on the network", get)


def region(patient: Patient) -> Finding:
    """The region of the shell: the program has its own, and whatever else is called here has this one."""
    wanted, own = patient.place.account.region, patient.shell.own_region
    if not own:
        return well(f"{wanted}, by the stack file; the shell names none")
    if own != wanted:
        return wrong(
            f"this shell is set to {own}, and {patient.place.stack_file.name} to {wanted}",
            f"export AWS_REGION={wanted}, or correct aws:region in the stack file",
        )
    return well(wanted)


CHECKS = (
    Check(name="python", look=python),
    Check(name="engine", look=engine),
    Check(name="plugin", look=plugin),
    Check(name="region", look=region),
)
