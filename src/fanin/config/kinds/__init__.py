"""The settings of each kind of source, and the source that they describe."""

from typing import Annotated

from pydantic import Field

from fanin.config.kinds.local import Command, Python, Simulated
from fanin.config.kinds.services import Feeds, MediaWiki, OpenMeteo

type Kind = Annotated[Simulated | Command | Python | OpenMeteo | Feeds | MediaWiki, Field(discriminator="kind")]
