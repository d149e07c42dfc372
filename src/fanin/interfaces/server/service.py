"""What the routes work with: the engine, its runs, who may ask, and how much."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import Request

from fanin.background import in_daemon_thread
from fanin.config import Settings
from fanin.engine import Engine
from fanin.errors import ConfigError
from fanin.interfaces.server.admission import Admission
from fanin.interfaces.server.idempotency import Idempotency
from fanin.interfaces.server.metrics import Metrics
from fanin.interfaces.server.problems import unknown_run
from fanin.log import logger
from fanin.runs.live_run import LiveRun
from fanin.runs.run_manager import RunManager
from fanin.runs.run_record import RunStore
from fanin.storage.api_keys import ApiKey, read_keys

KEYS_SECONDS = 1.0
"""Seconds between two looks at the file of keys."""

RECONNECT_SECONDS = 3.0
"""Seconds within which a reader of a stream may come back before a run that nobody reads is ended."""


@dataclass(slots=True)
class Service:
    """One server's engine and runs. `keys` are by their ids; `requires_key` is whether every request needs one."""

    settings: Settings
    engine: Engine
    runs: RunManager
    store: RunStore | None
    admission: Admission
    idempotency: Idempotency
    metrics: Metrics
    requires_key: bool
    keys: Mapping[str, ApiKey] = field(default_factory=dict[str, ApiKey])

    async def run_of(self, run: str, user: str) -> LiveRun:
        """The run of this id and user. Raises Problem."""
        if (found := await self.runs.find(run, user=user)) is None:
            raise unknown_run(run)
        return found

    def left(self, run: LiveRun, *, after: float = 0.0) -> None:
        """Somebody reads this run no longer: unless somebody else does within some seconds, it may end."""
        lasting = run.lasting or self.settings.general.server.on_disconnect == "continue"
        if not lasting and run.status is None and not run.readers:
            if after:
                asyncio.get_running_loop().call_later(after, self.left, run)
            else:
                run.cancel()

    async def drain(self) -> None:
        """Take no more questions, and wait until those that were taken are answered and their runs written."""
        self.admission.draining = True
        await self.runs.drain()


def service_of(request: Request) -> Service:
    """The service that a request is for."""
    return request.app.state.service


@asynccontextmanager
async def open_service(settings: Settings, engine: Engine) -> AsyncGenerator[Service]:
    """The service of these settings, with an engine that is opened for it. Raises ConfigError."""
    server, clock = settings.general.server, asyncio.get_running_loop().time
    path, store = settings.keys_file(), settings.run_store()
    keys = await _read(path)
    async with engine:
        admission = Admission(most=server.concurrent, rate=server.rate, clock=clock)
        metrics = Metrics(engine, shed=lambda: admission.shed, running=lambda: len(runs.running))
        runs = RunManager(engine, store, ended=metrics.see)
        service = Service(
            settings,
            engine,
            runs,
            store,
            admission,
            Idempotency(clock=clock),
            metrics,
            requires_key=server.require_keys or not is_loopback(server.host),
            keys=keys,
        )
        beside = [
            asyncio.create_task(each) for each in (_look_for_keys(service, path), metrics.watch_loop(admission.measure))
        ]
        try:
            yield service
        finally:
            for task in beside:
                task.cancel()
            await runs.close()


def is_loopback(host: str) -> bool:
    """Whether nobody beyond this machine reaches what listens there."""
    return host == "localhost" or host == "::1" or host.startswith("127.")


async def _look_for_keys(service: Service, path: Path) -> None:
    told = ""
    while True:
        await asyncio.sleep(KEYS_SECONDS)
        try:
            service.keys, told = await _read(path), ""
        except ConfigError as error:
            service.keys = {}
            if told != str(error):
                told = str(error)
                logger.error("%s", told)


async def _read(path: Path) -> Mapping[str, ApiKey]:
    return {each.id: each for each in await in_daemon_thread(read_keys, path)}
