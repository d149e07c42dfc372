"""What the routes work with: the engine, its runs, who may ask, and how much."""

import asyncio
import ipaddress
import time
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from fastapi import Request

from fanin.arguments import suggest
from fanin.background import in_daemon_thread
from fanin.config import Settings
from fanin.engine import Engine
from fanin.errors import ConfigError, RunsError, describe
from fanin.interfaces.server.admission import Admission
from fanin.interfaces.server.idempotency import SECONDS, Idempotency
from fanin.interfaces.server.metrics import Metrics
from fanin.interfaces.server.problems import Problem, unknown_run
from fanin.interfaces.server.repeats import Repeats
from fanin.log import logger
from fanin.runs.live_run import LiveRun
from fanin.runs.run_manager import RunManager
from fanin.runs.run_record import RunStore
from fanin.sanitize import line
from fanin.storage.api_keys import ApiKey, read_keys
from fanin.storage.browser_sessions import Session, begin_session, digest_of, end_session, read_sessions, sessions_file

LOOK_SECONDS = 1.0
"""Seconds between two looks at the file of keys, and for runs that another process deleted."""

RECONNECT_SECONDS = 3.0
"""Seconds within which a reader of a stream may come back before a run that nobody reads is ended."""


@dataclass(slots=True)
class Service:
    """One server's engine and runs. `requires_key` is whether every request needs a key.

    `keys` are by their ids, `sessions` of browsers by their digests.
    """

    settings: Settings
    engine: Engine
    runs: RunManager
    store: RunStore | None
    admission: Admission
    idempotency: Idempotency
    repeats: Repeats
    metrics: Metrics
    requires_key: bool
    keys: Mapping[str, ApiKey] = field(default_factory=dict[str, ApiKey])
    sessions: Mapping[str, Session] = field(default_factory=dict[str, Session])

    async def run_of(self, run: str, user: str) -> LiveRun:
        """The run of this id and user. Raises Problem."""
        if (found := await self.runs.find(run, user=user)) is None:
            raise unknown_run(run)
        return found

    def known_writer(self, name: str | None) -> str | None:
        """The name of a writer, if there is one of this name. Raises Problem."""
        if name is None or name in (writers := self.engine.writers):
            return name
        message = f"There is no writer {line(name, limit=100)!r}; fanin asked nothing."
        raise Problem(404, "unknown_writer", f"{message} {suggest(name, writers)}")

    def signed_in(self, secret: str) -> ApiKey | None:
        """The key with which the session of this secret began, if it lasts, and the key was not revoked."""
        session = self.sessions.get(digest_of(secret))
        key = self.keys.get(session.key) if session is not None and session.ends > time.time() else None
        return key if key is not None and not key.revoked else None

    async def sign_in(self, key: ApiKey) -> str:
        """The secret of a new session of the key. Raises Problem if it cannot be stored."""
        with _storing():
            path = sessions_file(self.settings.keys_file())
            secret, made = await in_daemon_thread(begin_session, path, key.id, now=time.time())
        self.sessions = {**self.sessions, made.digest: made}
        return secret

    async def sign_out(self, secret: str) -> None:
        """End the session of this secret. Raises Problem if that cannot be stored."""
        with _storing():
            await in_daemon_thread(end_session, sessions_file(self.settings.keys_file()), secret)
        self.sessions = {name: each for name, each in self.sessions.items() if name != digest_of(secret)}

    def overload(self) -> Problem | None:
        """Why no question is taken now; None if one is."""
        return self.admission.overload(running=len(self.runs.running))

    def left(self, run: LiveRun, *, after: float = 0.0) -> None:
        """Somebody reads this run no longer: unless somebody else does within some seconds, it may end."""
        usual = self.settings.general.server.on_disconnect == "continue"
        lasting = usual if run.lasting is None else run.lasting
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
    keys, sessions = await in_daemon_thread(_read, path)
    async with engine:
        admission = Admission(most=server.concurrent, rate=server.rate, clock=clock)
        metrics = Metrics(engine, shed=lambda: admission.shed, runs=lambda: runs)
        runs = RunManager(engine, store, ended=metrics.see)
        service = Service(
            settings,
            engine,
            runs,
            store,
            admission,
            Idempotency(clock=clock, recall=partial(runs.repeated, seconds=SECONDS)),
            Repeats(clock=clock),
            metrics,
            requires_key=server.require_keys or not is_loopback(server.host),
            keys=keys,
            sessions=sessions,
        )
        beside = [
            asyncio.create_task(each)
            for each in (
                _look_for_keys(service, path),
                _look_for_deleted(service),
                metrics.watch_loop(admission.measure),
            )
        ]
        try:
            yield service
        finally:
            for task in beside:
                task.cancel()
            await runs.close()


def is_loopback(host: str) -> bool:
    """Whether nobody beyond this machine reaches what listens there."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _look_for_keys(service: Service, path: Path) -> None:
    message = ""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            (service.keys, service.sessions), message = await in_daemon_thread(_read, path), ""
        except ConfigError as error:
            service.keys, service.sessions = {}, {}
            if message != str(error):
                message = str(error)
                logger.error("%s", message)


async def _look_for_deleted(service: Service) -> None:
    """Repeat nothing of runs that another process deleted, such as `fanin runs delete`."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        with suppress(RunsError):
            service.repeats.forget(await service.runs.deleted(service.repeats.runs))


def _read(path: Path) -> tuple[Mapping[str, ApiKey], Mapping[str, Session]]:
    """The keys, and the sessions of browsers. Raises ConfigError."""
    keys, sessions = {each.id: each for each in read_keys(path)}, sessions_file(path)
    try:
        return keys, read_sessions(sessions)
    except (OSError, ValueError, TypeError) as error:
        message = f"{sessions}: it cannot be read as the sessions of browsers; fanin signed nobody in. Remove it."
        raise ConfigError(message) from error


@contextmanager
def _storing() -> Generator[None]:
    try:
        yield
    except (OSError, ValueError, TypeError) as error:
        logger.error("sessions of browsers cannot be stored: %s", describe(error))
        message = "The sessions of browsers cannot be stored; fanin changed none. Make their file writable, beside that"
        raise Problem(503, "session", f"{message} of the keys, or send the key with each request.") from error
