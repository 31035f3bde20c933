"""What surrounds each request: a limit on its size, one log line, and a plain answer when the code fails."""

import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import problem

log = structlog.get_logger()


class LimitBody:
    """Refuses a body over `max_bytes`, counted as it arrives: a false length is no way round."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        received_bytes = 0

        async def limited() -> Message:
            nonlocal received_bytes
            message = await receive()
            received_bytes += len(message.get("body", b""))
            if received_bytes > self.max_bytes:
                # Of all errors, FastAPI passes on only this one from where it reads the body.
                raise HTTPException(413, f"the body is over {self.max_bytes} bytes")
            return message

        await self.app(scope, limited, send)


class LogRequests:
    """Writes one line a request: what was asked by route, what was answered, how long it took.

    Neither the path as sent, nor the query, nor an exception's message is written: each may hold a
    customer's words.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status: int | None = None

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the last place that can answer and log without the message
            log.error(
                "request_failed", route=_route(scope), error_type=type(error).__name__, at=_place(error)
            )
            if status is None:
                await problem(500, "the service failed; the request may be sent again")(
                    scope, receive, watched
                )
        log.info(
            "request",
            method=scope["method"],
            route=_route(scope),
            status=status,
            duration_ms=round((time.perf_counter() - started) * 1000, 1),
        )


def _route(scope: MutableMapping[str, Any]) -> str:
    return getattr(scope.get("route"), "path", "unknown")


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "unknown" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
