"""Which pool runs a process function: the one that was named, or the best one that can."""

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any

from fanin.errors import ConfigError, PoolError
from fanin.log import logger
from fanin.pools.inline_pool import InlinePool
from fanin.pools.inside.references import refer
from fanin.pools.pool import Pool
from fanin.pools.worker_pool import WorkerPool
from fanin.pools.workers.executor_worker import ExecutorWorker
from fanin.pools.workers.interpreter_worker import InterpreterWorker
from fanin.pools.workers.process_worker import ProcessWorker
from fanin.pools.workers.thread_worker import ThreadWorker

NAMES = ("interpreters", "threads", "processes", "inline")


def choose(pool: str | Executor | Pool | None, *, workers: int | None, work: Callable[..., Any]) -> Pool:
    """The pool for `work`, not yet started: the named one, one around an executor, or, for None, the best that can.

    For None that is interpreters; threads for a function that cannot be imported by name; and processes as soon as a
    worker finds that the function needs a module that refuses subinterpreters. Each move is logged with its reason.
    Raises ConfigError for an unknown name, PoolError for a named pool that cannot get the function; whether a worker
    can load it is found out by the worker: see `ready`.
    """
    match pool:
        case None:
            return _best(work, workers)
        case str():
            if pool not in NAMES:
                raise ConfigError(f"pool={pool!r}; fanin did not start. Use one of {', '.join(NAMES)}, or an executor.")
            _check(pool, work)
            return _named(pool, work, workers)
        case Executor():
            return _around(pool, workers)
        case _ if hasattr(pool, "warm"):
            return pool
        case _:
            raise ConfigError(
                f"pool={pool!r}; fanin did not start. Use one of {', '.join(NAMES)}, or an executor that you have made."
            )


async def ready(pool: Pool) -> None:
    """Warm the pool and wait for its first worker; raises PoolError when it cannot load the function or not start."""
    if isinstance(pool, WorkerPool):
        await pool.ready()


def _best(work: Callable[..., Any], workers: int | None) -> Pool:
    try:
        refer(work)
    except ImportError as error:
        logger.warning("%s; fanin uses threads, which share one core for pure Python.", error)
        return _named("threads", work, workers)
    fallback = ("processes", partial(ProcessWorker, work))
    return WorkerPool("interpreters", partial(InterpreterWorker, work), workers=workers, fallback=fallback)


def _named(name: str, work: Callable[..., Any], workers: int | None) -> Pool:
    match name:
        case "interpreters":
            return WorkerPool(name, partial(InterpreterWorker, work), workers=workers)
        case "threads":
            return WorkerPool(name, ThreadWorker, workers=workers)
        case "processes":
            return WorkerPool(name, partial(ProcessWorker, work), workers=workers)
        case _:
            return InlinePool()


def _around(executor: Executor, workers: int | None) -> Pool:
    own: int | None = getattr(executor, "_max_workers", None)
    return WorkerPool("executor", partial(ExecutorWorker, executor), workers=workers or own, ahead=False)


def _check(name: str, work: Callable[..., Any]) -> None:
    if name in ("interpreters", "processes"):
        try:
            refer(work)
        except ImportError as error:
            raise PoolError(
                f"{error}, or use pool='threads'. The pool {name!r} cannot run it; fanin did not start."
            ) from None
