"""The HTTP interface. It translates, and decides nothing."""

import structlog
from fastapi import FastAPI

from . import __version__, problems
from .middleware import LimitBody, LogRequests
from .rules import decide
from .settings import Settings
from .ticket import Decision, Ticket

log = structlog.get_logger()


def create_app(settings: Settings) -> FastAPI:
    """The service as an ASGI application, without the pages of documentation that FastAPI adds."""
    app = FastAPI(title="triage", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    problems.install(app)
    # The last one added is the outermost.
    app.add_middleware(LimitBody, max_bytes=settings.max_body_bytes)
    app.add_middleware(LogRequests)

    @app.get("/health")
    async def health() -> dict[str, str]:
        """Liveness: the process answers. It asks nothing of others, so that their fault restarts no task."""
        return {"status": "ok"}

    @app.get("/version")
    async def version() -> dict[str, str]:
        return {"name": "triage", "version": __version__, "revision": settings.revision}

    @app.post("/v1/tickets")
    async def triage(ticket: Ticket) -> Decision:
        decision = decide(ticket)
        log.info(
            "ticket_triaged",
            ticket_id=decision.ticket_id,
            category=decision.category,
            urgency=decision.urgency,
            route=decision.route,
            needs_human=decision.needs_human,
        )
        return decision

    return app
