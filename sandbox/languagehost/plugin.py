"""Running a policy pack, or another plugin written in Python, as a child of the language host."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO, Any

from pulumi.runtime.proto import language_pb2

from sandbox.languagehost.policyrelay import PolicyRelay

_POLICY_PACK = "analyzer"
_SECONDS_TO_STOP = 3


class Plugin:
    """One plugin's process, made from a RunPluginRequest; `run` starts it and follows it to its end."""

    def __init__(self, request: Any) -> None:
        self._request = request
        self._output: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def run(self) -> Iterator[Any]:
        """Yield RunPluginResponse messages: what the plugin prints, and its exit code at last."""
        if self._request.kind == _POLICY_PACK:
            with PolicyRelay(start=self._start_policy_pack) as relay:
                yield language_pb2.RunPluginResponse(stdout=f"{relay.port}\n".encode())
                yield from self._follow()
        else:
            request = self._request
            process = self._start([request.info.program_directory, *request.args], request.pwd, {})
            self._forward(process.stdout)
            yield from self._follow()

    def stop(self) -> None:
        """End the process, kindly first. Safe to call at any time and more than once."""
        with self._lock:
            self._stopped = True
            process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(_SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
        self._output.put(None)

    def _start_policy_pack(self, environment: dict[str, str]) -> int:
        """Start the pack and return its port. Raises RuntimeError if it ends before it is ready."""
        folder = self._request.info.program_directory
        # Where the SDK's own entry point for policy packs, and the packs themselves, expect to be.
        process = self._start(["-m", "pulumi.policy", *self._request.args, folder], folder, environment)
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip().isdigit():
                self._forward(process.stdout)
                return int(line)
            self._output.put(language_pb2.RunPluginResponse(stdout=line))
        self._output.put(None)
        raise RuntimeError(f"the policy pack in {folder} ended before it was ready; its output says why")

    def _start(
        self, arguments: list[str], folder: str, environment: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        given = dict(entry.split("=", 1) for entry in self._request.env)
        with self._lock:
            if self._stopped:
                raise RuntimeError("the engine has stopped")
            self._process = subprocess.Popen(
                [sys.executable, "-u", *arguments],
                cwd=folder,
                env=given | environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        self._forward(self._process.stderr, stderr=True)
        return self._process

    def _forward(self, stream: IO[bytes] | None, *, stderr: bool = False) -> None:
        assert stream is not None

        def pump() -> None:
            for line in stream:
                self._output.put(
                    language_pb2.RunPluginResponse(stderr=line)
                    if stderr
                    else language_pb2.RunPluginResponse(stdout=line)
                )
            if not stderr:
                self._output.put(None)

        threading.Thread(target=pump, daemon=True).start()

    def _follow(self) -> Iterator[Any]:
        while (message := self._output.get()) is not None:
            yield message
        if self._process is not None:
            yield language_pb2.RunPluginResponse(exitcode=self._process.wait())
