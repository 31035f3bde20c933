"""The project's Python language host under the real engine: programs, policy packs, and how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest
from pulumi.automation import (
    LocalWorkspaceOptions,
    PulumiCommand,
    create_or_select_stack,
)

from scripts.engine import find_engine
from tests.e2e.programs import TOOLS, Program, things

pytestmark = pytest.mark.e2e

TINY = """
    import pulumi

    class Greeting(pulumi.ComponentResource):
        def __init__(self, name, words):
            super().__init__("tiny:index:Greeting", name)
            self.words = pulumi.Output.from_input(words).apply(str.upper)
            self.register_outputs({"words": self.words})

    config = pulumi.Config()
    print("hello from the program")
    pulumi.export("words", Greeting("greeting", config.require("words")).words)
"""
DENIES = """
    import pulumi
    from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

    def no_greetings(args, report):
        if args.resource_type == "tiny:index:Greeting":
            report(f"{pulumi.get_stack()} of {pulumi.get_project()} greets nobody")

    PolicyPack("quiet", enforcement_level=EnforcementLevel.MANDATORY, policies=[
        ResourceValidationPolicy(name="no-greetings", description="nobody is greeted", validate=no_greetings),
    ])
"""


@pytest.fixture
def program(engine: Path, tmp_path: Path) -> Program:
    """A project whose program does nothing yet."""
    program = Program(folder=tmp_path, engine=engine)
    program.create()
    return program


def until(condition: Callable[[], object]) -> None:
    for _ in range(400):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("what the test waits for did not happen")


def gone(pid: int) -> bool:
    """Whether a process has ended, or only waits to be collected."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return state.stdout.strip() in ("", "Z")


# --- the engine that is in use ----------------------------------------------------------------------


def test_the_engine_in_use_answers_its_version(engine: Path) -> None:
    found = find_engine()
    assert found is not None
    answer = subprocess.run([engine, "version"], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == f"v{found.version}"


# --- programs ---------------------------------------------------------------------------------------


def test_a_program_lives_from_preview_to_destroy(program: Program) -> None:
    program.write(TINY)
    program.run("config", "set", "words", "good morning", check=True)
    _, preview = program.run("preview", check=True)
    assert "+ 2 to create" in preview
    assert "hello from the program" in preview

    assert "+ 2 created" in program.up()
    assert program.outputs() == {"words": "GOOD MORNING"}
    assert "2 unchanged" in program.up()
    assert "2 unchanged" in program.run("refresh", "--yes", "--skip-preview", check=True)[1]
    assert "- 2 deleted" in program.run("destroy", "--yes", "--skip-preview", check=True)[1]
    state = json.loads(program.run("stack", "export", check=True)[1])
    assert "resources" not in state["deployment"]


def test_a_secret_stays_secret_in_the_state_and_the_outputs(program: Program) -> None:
    program.write("""
        import pulumi
        value = pulumi.Config().require_secret("key")
        pulumi.export("plain", "seen")
        pulumi.export("key", value.apply(lambda key: key + key))
    """)
    program.run("config", "set", "--secret", "key", "swordfish", check=True)
    up = program.up()
    exported = program.run("stack", "export", check=True)[1]
    assert "swordfish" not in up + exported
    assert program.outputs() == {"plain": "seen", "key": "[secret]"}
    assert program.outputs("--show-secrets")["key"] == "swordfishswordfish"


def test_a_program_knows_its_stack_folders_and_arguments(program: Program) -> None:
    (program.code / "Pulumi.yaml").write_text("name: tiny\nruntime: python\nmain: inner/\n", encoding="utf-8")
    program.write("NAME = 'a module beside the program'", "inner/beside.py")
    program.write(
        """
        import os, pulumi
        def later(_):
            import beside  # also after the program's last line
            return beside.NAME
        pulumi.export("beside", pulumi.Output.from_input(1).apply(later))
        pulumi.export("folder", os.path.basename(os.getcwd()))
        pulumi.export("root", os.path.basename(pulumi.runtime.settings.get_root_directory()))
        pulumi.export("who", [pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack()])
        """,
        "inner/__main__.py",
    )
    program.up()
    assert program.outputs() == {
        "beside": "a module beside the program",
        "folder": "inner",
        "root": "code",
        "who": ["organization", "tiny", "dev"],
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import sys; sys.exit(3)", ["the program exited with code 3"]),
        ("import sys; sys.exit('the moon is wrong')", ["error: the moon is wrong"]),
        ("x = = 1", ['__main__.py", line 1', "x = = 1", "SyntaxError: invalid syntax"]),
        (
            "import no_such_module",
            ['__main__.py", line 1, in <module>', "ModuleNotFoundError: No module named 'no_such_module'"],
        ),
        (
            "import json\ndef read():\n    return json.loads('{')\nread()",
            [
                '__main__.py", line 4, in <module>',
                '__main__.py", line 3, in read',
                "json.decoder.JSONDecodeError",
            ],
        ),
        (
            "import pulumi\ndef fail(x):\n    raise ValueError(x)\n"
            "pulumi.export('a', pulumi.Output.from_input('in an apply').apply(fail))",
            ['__main__.py", line 3, in fail', "ValueError: in an apply"],
        ),
        ("import pulumi\nraise pulumi.RunError('not on a Sunday')", ["error: not on a Sunday"]),
        ("import pulumi\npulumi.Config().require('size')", ["pulumi config set tiny:size <value>"]),
    ],
)
def test_a_failing_program_fails_the_run_and_shows_its_own_frames_only(
    program: Program, text: str, said: list[str]
) -> None:
    program.write(text)
    code, output = program.run("preview")
    assert code != 0
    _, _, diagnostics = output.partition("Diagnostics:")
    for part in said:
        assert diagnostics.count(part) == 1, output
    for foreign in (f"sandbox{os.sep}languagehost", f"pulumi{os.sep}runtime", "<frozen"):
        assert foreign not in output


def test_a_program_that_ends_itself_in_peace_has_succeeded(program: Program) -> None:
    program.write("import sys, pulumi\npulumi.export('a', 1)\nsys.exit(0)")
    program.up()
    assert program.outputs() == {"a": 1}


def test_a_folder_without_a_program_is_named(program: Program) -> None:
    (program.code / "__main__.py").unlink()
    code, output = program.run("preview")
    assert code != 0
    assert f"no Python program in {program.code}: it has no __main__.py" in output


def test_a_program_without_an_environment_is_told_what_to_do(program: Program) -> None:
    program.variables["SLIPWAY_PYTHON"] = ""
    code, output = program.run("preview")
    assert code != 0
    assert f"no Python environment for the program in {program.code}" in output
    assert "set SLIPWAY_PYTHON" in output


def test_the_launcher_lets_bytecode_be_kept(program: Program) -> None:
    program.variables["PYTHONDONTWRITEBYTECODE"] = "1"
    program.write("import sys, pulumi\npulumi.export('kept', not sys.dont_write_bytecode)")
    program.up()
    assert program.outputs() == {"kept": True}


def test_the_launcher_finds_the_environment_in_a_folder_above(program: Program) -> None:
    program.variables["SLIPWAY_PYTHON"] = ""
    (program.folder / ".venv" / "bin").mkdir(parents=True)
    launcher = program.folder / ".venv" / "bin" / "python"
    launcher.write_text(f'#!/bin/sh\nexport FROM_ABOVE=yes\nexec {sys.executable} "$@"\n', encoding="utf-8")
    launcher.chmod(0o755)
    program.write("import os, pulumi\npulumi.export('from_above', os.environ['FROM_ABOVE'])")
    program.up()
    assert program.outputs() == {"from_above": "yes"}


def test_about_names_the_interpreter_and_its_packages(program: Program) -> None:
    about = json.loads("{" + program.run("about", "--json", check=True)[1].partition("{")[2])
    assert about["runtime"]["executable"] == sys.executable
    assert "slipway" in {dependency["name"].lower() for dependency in about["dependencies"]}


def test_install_says_what_brings_the_environment_up_to_date(program: Program) -> None:
    assert "`uv sync` brings it up to date" in program.run("install", "--no-plugins", check=True)[1]


# --- providers --------------------------------------------------------------------------------------

THING = """
    import pulumi
    class Thing(pulumi.CustomResource):
        def __init__(self, name, package="aws", **inputs):
            super().__init__(f"{package}:test:Thing", name, inputs, pulumi.ResourceOptions(version="7.51.1"))
"""
# A language host that asks for plugins as the official one does, whatever is attached.
OFFICIAL = """
    from pulumi.runtime.proto import plugin_pb2
    from sandbox.languagehost import __main__, packages
    packages.required = lambda: [
        plugin_pb2.PackageDependency(name=name, kind="resource", version=version)
        for name, version in (("aws", "v7.51.1"), ("docker", "v5.2.0"))
    ]
    __main__.main()
"""


def test_an_attached_provider_needs_no_plugin_and_no_download_is_tried(program: Program) -> None:
    program.write(THING + "    Thing('one')\n    Thing('two', package='docker')\n")
    with things() as port:
        program.variables["PULUMI_DEBUG_PROVIDERS"] = f"aws:{port},docker:{port}"
        _, output = program.run("up", "--yes", "--skip-preview", "--logtostderr", "-v=7", check=True)
        assert "+ 3 created" in output
        assert "not installed, doing install" not in output
        assert "3 unchanged" in program.run("refresh", "--yes", "--skip-preview", check=True)[1]
        assert "- 3 deleted" in program.run("destroy", "--yes", "--skip-preview", check=True)[1]


@pytest.mark.parametrize("is_acquisition_disabled", [False, True])
def test_with_the_official_host_only_disabling_acquisition_keeps_the_engine_from_downloading(
    program: Program, is_acquisition_disabled: bool
) -> None:
    program.write(THING + "    Thing('one')\n    Thing('two', package='docker')\n")
    host = program.folder / "official.py"
    host.write_text("\n".join(line.strip(" ") for line in OFFICIAL.splitlines()), encoding="utf-8")
    launcher = program.folder / "bin" / "pulumi-language-python"
    launcher.unlink()
    launcher.write_text(f'#!/bin/sh\nexec {sys.executable} {host} "$@"\n', encoding="utf-8")
    launcher.chmod(0o755)
    if is_acquisition_disabled:
        program.variables["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
    with things() as port:
        program.variables["PULUMI_DEBUG_PROVIDERS"] = f"aws:{port},docker:{port}"
        _, output = program.run("up", "--yes", "--skip-preview", "--logtostderr", "-v=7", check=True)
    assert "+ 3 created" in output
    assert ("not installed, doing install" in output) is not is_acquisition_disabled


def test_a_provider_that_is_neither_attached_nor_installed_is_named(program: Program) -> None:
    program.variables["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
    program.write(THING + "    Thing('one')\n")
    code, output = program.run("preview")
    assert code != 0
    assert "no resource plugin 'pulumi-resource-aws' found" in output


def test_what_a_provider_refuses_is_told_without_a_traceback(program: Program) -> None:
    program.write(THING + "    Thing('one', refused=True)\n")
    with things() as port:
        program.variables["PULUMI_DEBUG_PROVIDERS"] = f"aws:{port}"
        code, output = program.run("up", "--yes", "--skip-preview")
    assert code != 0
    assert "AccessDenied: this thing is refused" in output
    assert "Traceback" not in output


# --- policy packs -----------------------------------------------------------------------------------


def test_a_mandatory_policy_fails_the_up_and_knows_the_stack(program: Program) -> None:
    program.write(TINY)
    program.run("config", "set", "words", "hello", check=True)
    pack = program.write_policy_pack(DENIES)
    code, output = program.run("up", "--yes", "--skip-preview", "--policy-pack", str(pack))
    assert code != 0
    assert "[mandatory]" in output
    assert "no-greetings" in output
    assert "dev of tiny greets nobody" in output


def test_a_policy_pack_reads_the_stacks_configuration_and_prints(program: Program) -> None:
    program.write(TINY)
    program.run("config", "set", "words", "hello", check=True)
    pack = program.write_policy_pack("""
        import pulumi
        from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

        print("the pack says", pulumi.Config("tiny").require("words"), pulumi.runtime.is_dry_run())
        PolicyPack("kind", enforcement_level=EnforcementLevel.MANDATORY, policies=[
            ResourceValidationPolicy(name="all-is-well", description="-", validate=lambda args, report: None),
        ])
    """)
    _, output = program.run("preview", "--policy-pack", str(pack), check=True)
    assert "the pack says hello True" in output


def test_a_policy_pack_that_does_not_start_says_why(program: Program) -> None:
    pack = program.write_policy_pack("import no_such_module")
    code, output = program.run("preview", "--policy-pack", str(pack))
    assert code != 0
    assert "No module named 'no_such_module'" in output
    assert f"the policy pack in {pack} ended before it was ready" in output


def test_policies_judge_a_stack_that_is_already_there(program: Program) -> None:
    program.write(TINY)
    program.run("config", "set", "words", "hello", check=True)
    program.up()
    pack = program.write_policy_pack(DENIES)
    code, output = program.run("policy", "analyze", "--stack", "dev", "--policy-pack", str(pack))
    assert code != 0
    # There is no operation here, and the engine tells a pack no names: these are the SDK's placeholders.
    assert "stack of project greets nobody" in output
    assert "one or more mandatory policy violations were found" in output


# --- the Automation API -----------------------------------------------------------------------------


def test_the_automation_api_runs_a_local_program(program: Program) -> None:
    program.write(TINY)
    program.run("config", "set", "words", "hello", check=True)
    stack = create_or_select_stack(
        stack_name="dev",
        work_dir=str(program.code),
        opts=LocalWorkspaceOptions(pulumi_command=_command(program), env_vars=program.environment),
    )
    assert stack.up().outputs["words"].value == "HELLO"
    stack.destroy()


def test_the_automation_api_runs_an_inline_program(program: Program) -> None:
    def inline() -> None:
        pulumi.export("answer", 42)

    stack = create_or_select_stack(
        stack_name="inline",
        project_name="inline",
        program=inline,
        opts=LocalWorkspaceOptions(pulumi_command=_command(program), env_vars=program.environment),
    )
    assert stack.up().outputs["answer"].value == 42
    stack.destroy()


def _command(program: Program) -> PulumiCommand:
    # Its folder argument is that of the official installer: the engine in bin/pulumi below it.
    (program.folder / "bin" / "pulumi").symlink_to(program.engine)
    return PulumiCommand(root=str(program.folder))


# --- how it ends ------------------------------------------------------------------------------------

WAITS = """
    import os, pathlib, time
    pathlib.Path("../pid").write_text(str(os.getpid()))
    while True:
        {body}
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("body", ["time.sleep(600)", "pass"], ids=["asleep", "busy"])
def test_no_language_host_and_no_policy_pack_outlives_the_engine(
    program: Program, number: signal.Signals, body: str
) -> None:
    program.write(WAITS.format(body=body))
    pack = program.write_policy_pack(
        "import os, pathlib\npathlib.Path('../pack-pid').write_text(str(os.getpid()))\n" + _PEACE
    )
    pids = [program.folder / "pid", program.folder / "pack-pid"]
    with program.start("preview", "--policy-pack", str(pack)) as engine:
        try:
            until(lambda: all(path.is_file() and path.read_text() for path in pids))
            engine.send_signal(number)
            engine.communicate(timeout=30)
        finally:
            engine.kill()
    assert engine.returncode != 0
    for path in pids:
        pid = int(path.read_text())
        until(lambda pid=pid: gone(pid))  # type: ignore[misc]


_PEACE = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy
PolicyPack("peace", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    ResourceValidationPolicy(name="all-is-well", description="-", validate=lambda args, report: None),
])
"""


def test_the_launcher_is_executable() -> None:
    assert os.access(TOOLS / "pulumi-language-python", os.X_OK)
