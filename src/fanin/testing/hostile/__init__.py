"""Servers on loopback that misbehave in hundreds of ways: see what becomes of your source or client."""

from fanin.testing.hostile.hostile_server import Hostile
from fanin.testing.hostile.mcp_over_http import MCP_MISBEHAVIOURS
from fanin.testing.hostile.misbehaviours import MISBEHAVIOURS
from fanin.testing.hostile.model_service import MODEL_MISBEHAVIOURS
from fanin.testing.hostile.scripts import Asked, Reset, Script

__all__ = ["MCP_MISBEHAVIOURS", "MISBEHAVIOURS", "MODEL_MISBEHAVIOURS", "Asked", "Hostile", "Reset", "Script"]
