"""Chooses the pool for a process function: the named one, or the best one that can run it."""

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any

from fanin.errors import ConfigError, PoolError
from fanin.log import logger
from fanin.pools.inline_pool import InlinePool
from fanin.pools.inside.references import reference_to
from fanin.pools.pool import Pool
from fanin.pools.worker_pool import WorkerPool
from fanin.pools.workers.executor_worker import ExecutorWorker
from fanin.pools.workers.interpreter_worker import InterpreterWorker
from fanin.pools.workers.process_worker import ProcessWorker
from fanin.pools.workers.thread_worker import ThreadWorker

NAMES = ("interpreters", "threads", "processes", "inline")


def choose(pool: str | Executor | Pool | None, *, workers: int | None, work: Callable[..., Any]) -> Pool:
    """The pool for `work`, not yet started: the named one, one around an executor, or, for None, the best one.

    For None these are interpreters; threads if the function cannot be imported by name; and processes as soon as a
    worker finds that the function needs a module that refuses subinterpreters. Each such choice is logged with its
    reason. Raises ConfigError for an unknown name, PoolError if a named pool cannot import the function by name;
    whether a worker can load it shows later: see `wait_until_ready`.
    """
    match pool:
        case None:
            return _best_pool(work, workers)
        case str():
            if pool not in NAMES:
                raise ConfigError(f"pool={pool!r}; fanin did not start. Use one of {', '.join(NAMES)}, or an executor.")
            _check(pool, work)
            return _pool_by_name(pool, work, workers)
        case Executor():
            return _executor_pool(pool, workers)
        case _ if hasattr(pool, "warm"):
            return pool
        case _:
            raise ConfigError(
                f"pool={pool!r}; fanin did not start. Use one of {', '.join(NAMES)}, or an executor that you have made."
            )


async def wait_until_ready(pool: Pool) -> None:
    """Start the pool and wait for its first worker. Raises PoolError if it cannot start or load the function."""
    if isinstance(pool, WorkerPool):
        await pool.ready()


def ready_workers(pool: Pool) -> int:
    """How many of its workers have started; of pools that do not say so, all."""
    return pool.ready_workers if isinstance(pool, WorkerPool) else pool.workers


def _best_pool(work: Callable[..., Any], workers: int | None) -> Pool:
    try:
        reference_to(work)
    except ImportError as error:
        logger.warning("%s; fanin uses threads, which share one core for pure Python.", error)
        return _pool_by_name("threads", work, workers)
    fallback = ("processes", partial(ProcessWorker, work))
    return WorkerPool("interpreters", partial(InterpreterWorker, work), workers=workers, fallback=fallback)


def _pool_by_name(name: str, work: Callable[..., Any], workers: int | None) -> Pool:
    match name:
        case "interpreters":
            return WorkerPool(name, partial(InterpreterWorker, work), workers=workers)
        case "threads":
            return WorkerPool(name, ThreadWorker, workers=workers)
        case "processes":
            return WorkerPool(name, partial(ProcessWorker, work), workers=workers)
        case _:
            return InlinePool()


def _executor_pool(executor: Executor, workers: int | None) -> Pool:
    own: int | None = getattr(executor, "_max_workers", None)
    return WorkerPool("executor", partial(ExecutorWorker, executor), workers=workers or own, ahead=False)


def _check(name: str, work: Callable[..., Any]) -> None:
    if name in ("interpreters", "processes"):
        try:
            reference_to(work)
        except ImportError as error:
            raise PoolError(
                f"{error}, or use pool='threads'. The pool {name!r} cannot run it; fanin did not start."
            ) from None
