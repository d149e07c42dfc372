"""What every kind of source can be told."""

from typing import Annotated

from pydantic import Field

from fanin.config.values import Limit, Strict


class Common(Strict):
    """The settings that every kind shares; each kind adds its own and a method `source(name)`."""

    timeout: Limit = 5.0
    retries: Annotated[int, Field(ge=0, le=10)] = 0
