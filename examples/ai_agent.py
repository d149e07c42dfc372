"""The lesson's agent, asked once; with `--slow-weather` one service hangs, with `--benchmark` it is measured.

Run it with `python examples/ai_agent.py`. The agent is `fanin.capstone`: three services asked at once, and each
result analysed on every core as soon as it is there.
"""

import asyncio
import logging
import sys

from fanin import capstone

QUESTION = "What is AI-native development?"


async def slow_weather(city: str) -> dict[str, str]:
    """A service that takes longer than the five seconds it has."""
    await asyncio.sleep(6)
    return {"source": "weather", "city": city}


async def main() -> None:
    """Ask, and show what every source said, what was inferred and how long it took."""
    if "--benchmark" in sys.argv:
        await capstone.run_benchmarks(QUESTION)
        return
    if "--slow-weather" in sys.argv:
        capstone.fetch_weather = slow_weather
    result = await capstone.ai_agent_query(QUESTION)
    for name, said in result["sources"].items():
        print(f"{name}: {said}")
    for inference in result["inferences"]:
        print(inference)
    for error in result["errors"]:
        print(f"missing: {error}")
    print(f"{result['execution_time']:.2f} s on {result['cores_used']} cores")


if __name__ == "__main__":  # workers import this file's functions by name, so it must not run again there
    logging.basicConfig(level=logging.INFO)
    asyncio.run(main())
