"""What a source's weight does to an answer."""

import asyncio

import pytest

import fanin


@pytest.mark.parametrize(("weight", "first"), [(1.0, "a"), (2.0, "b")])
def test_the_weight_of_a_source_counts_in_the_answer(weight: float, first: str) -> None:
    async def answer() -> fanin.Answer:
        a = fanin.source(name="a")(lambda _: "Ferries sail at nine.")
        b = fanin.source(name="b", weight=weight)(lambda _: "Bakers bake at dawn.")
        async with fanin.Engine([a, b], pool="inline") as engine:
            return await engine.ask("What is happening now?")

    assert asyncio.run(answer()).passages[0].source == first
