"""The lesson's agent under the lesson's own names, on top of fanin's engine, and the six ways of running it.

The names load when they are first used: workers import this package to get at the inference, and nothing else.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanin.capstone.agent import ai_agent_query, benchmark_hybrid, benchmark_sequential, run_benchmarks
    from fanin.capstone.fetchers import fetch_news, fetch_weather, query_knowledge_base
    from fanin.capstone.inference import simulate_llm_inference

__all__ = [
    "ai_agent_query",
    "benchmark_hybrid",
    "benchmark_sequential",
    "fetch_news",
    "fetch_weather",
    "query_knowledge_base",
    "run_benchmarks",
    "simulate_llm_inference",
]

_NAMES = {
    "agent": ("ai_agent_query", "benchmark_hybrid", "benchmark_sequential", "run_benchmarks"),
    "fetchers": ("fetch_news", "fetch_weather", "query_knowledge_base"),
    "inference": ("simulate_llm_inference",),
}
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'fanin.capstone' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(f"fanin.capstone.{_MODULE_OF[name]}"), name)
    return value
