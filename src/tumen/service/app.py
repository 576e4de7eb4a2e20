"""The app: routers, middleware and the engine behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from tumen import __version__
from tumen.config import ServiceSettings
from tumen.service import errors
from tumen.service.addresses import is_page
from tumen.service.api import install_api, running_api
from tumen.service.engine import Engine
from tumen.service.observing import AddressBound, Observed
from tumen.service.refresh import Refresher
from tumen.service.routes import include_all


def create_app(settings: ServiceSettings, engine: Engine | None = None) -> FastAPI:
    """The service over the lists that the settings name; `engine` may have an index already."""
    refresher = Refresher(settings, engine)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with running_api(app):
            async with refresher.running():
                yield

    app = FastAPI(
        title="tumen",
        description="Screen parties against sanctions lists, and say why.",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        strict_content_type=False,
    )
    app.state.settings = settings
    app.state.refresher = refresher
    app.state.engine = refresher.engine
    errors.install(app)
    include_all(app)
    install_api(app, settings)
    _add_middleware(app)
    return app


class PeerCors(CORSMiddleware):
    """Lets pages of other sites use the API, as the peer does; our own pages are nobody else's."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and is_page(scope["path"]):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _add_middleware(app: FastAPI) -> None:
    """The last added sees a request first."""
    app.add_middleware(Observed)
    app.add_middleware(
        PeerCors,
        allow_origins=["*"],
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
    )
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=5)
    app.add_middleware(AddressBound)
