"""A misbehaving server in a process of its own: `python -m fanin.testing.hostile [http|model|mcp]`.

It says its address on its first line, and stays until its input ends.
"""

import asyncio
import sys
from collections.abc import Mapping

from fanin.background import in_daemon_thread
from fanin.testing.hostile.hostile_server import Hostile
from fanin.testing.hostile.mcp_over_http import MCP_MISBEHAVIOURS
from fanin.testing.hostile.misbehaviours import MISBEHAVIOURS
from fanin.testing.hostile.model_service import MODEL_MISBEHAVIOURS
from fanin.testing.hostile.scripts import Script

SETS: Mapping[str, Mapping[str, Script]] = {
    "http": MISBEHAVIOURS,
    "model": MODEL_MISBEHAVIOURS,
    "mcp": MCP_MISBEHAVIOURS,
}


async def _serve(scripts: Mapping[str, Script]) -> None:
    async with Hostile(scripts) as hostile:
        sys.stdout.write(hostile.url("") + "\n")
        sys.stdout.flush()
        await in_daemon_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(SETS[(sys.argv[1:] or ["http"])[0]]))
