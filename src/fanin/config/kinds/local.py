"""Kinds of sources that ask nothing beyond this machine."""

from typing import Literal

from fanin.config.kinds.common import Common
from fanin.config.values import Wait
from fanin.sources.source import Source


class Simulated(Common):
    """`kind = "simulated"`: waits `latency`, then gives `text`, or fails with the message `fail`."""

    kind: Literal["simulated"]
    latency: Wait = 1.0
    text: str | list[str] = ""
    fail: str = ""

    def source(self, name: str) -> Source:
        """The source that these settings describe."""
        from fanin.sources.simulated import simulated

        return simulated(name, latency=self.latency, text=self.text, fail=self.fail, timeout=self.timeout)
