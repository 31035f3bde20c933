"""`python -m sandbox.languagehost <engine address>`: what the `pulumi-language-python` launcher starts.

The contract with the engine: the first line on standard output is the port, standard input is a pipe
that the engine holds open, and SIGINT means stop.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
import typer
from pulumi.runtime.proto import language_pb2_grpc

from sandbox.languagehost.host import PythonHost

# Hardly anything that importing the SDK makes is garbage, and looking for it took a fifth of the time.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000
_UNLIMITED_MESSAGES = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def main() -> None:
    """Serve until the engine asks to stop, or is gone."""
    # What the program prints belongs to the engine at once: this process ends without a flush.
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure")(line_buffering=True)  # noqa: B009 - TextIO does not declare it
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    threading.Thread(target=_set_when_the_engine_is_gone, args=(stopping,), daemon=True).start()

    host = PythonHost(engine_address=sys.argv[-1] if len(sys.argv) > 1 else "")
    # Each policy pack holds a thread for as long as it runs, and so does the program.
    server = grpc.server(ThreadPoolExecutor(max_workers=32), options=_UNLIMITED_MESSAGES)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    typer.echo(port)

    stopping.wait()
    host.close()
    # The program may still run in a thread that nothing can interrupt.
    os._exit(0)


def _set_when_the_engine_is_gone(stopping: threading.Event) -> None:
    # A killed engine can send no signal, but its end of the pipe closes.
    while sys.stdin.buffer.read(4096):
        pass
    stopping.set()


if __name__ == "__main__":
    main()
