"""The settings of each kind of source, and the source that they describe."""

from typing import Annotated

from pydantic import Field

from fanin.config.kinds.local import Command, Mcp, Python, Simulated, Sql
from fanin.config.kinds.services import Feeds, MediaWiki, OpenMeteo

type Kind = Annotated[
    Simulated | Command | Python | Sql | Mcp | OpenMeteo | Feeds | MediaWiki, Field(discriminator="kind")
]
