"""The tables of a settings file besides its sources: the answer, processing, the server, kept runs."""

from typing import Annotated, Literal

from pydantic import Field

from fanin.config.setting_values import Count, Limit, Rate, Strict, Wait

type WriterName = Annotated[str, Field(pattern=r"^[\w.-]{1,60}$")]


class Answering(Strict):
    """`[answer]`: how the answer is written."""

    writer: str | list[str] | None = None
    """The language model that writes the answer; of a list, each is the fallback of the one before it."""
    writers: Annotated[dict[WriterName, str | list[str]], Field(default_factory=dict)]
    """Others by name, such as `quick = "ollama:qwen3"`: what a question over HTTP may name as its `writer`."""


class Processing(Strict):
    """`[process]`: what is done with each document."""

    model: str | None = None
    """The language model that summarises what each source says, in addition to the local processing."""
    semantic: bool | None = None
    """Whether passages are also ranked by meaning; without it: if the extra fanin[semantic] is installed."""


class KeptRuns(Strict):
    """`[runs]`: which runs are kept."""

    keep: Wait = 30 * 86_400.0
    """How long a run is kept, with its question, events and answer, to be listed and shown again; 0: not at all."""
    file: str | None = None
    """The file of the runs; without it: `fanin/runs.sqlite` in `$XDG_STATE_HOME` (`~/.local/state`)."""


class Serving(Strict):
    """`[server]`: how `fanin serve` answers over HTTP."""

    host: str = "127.0.0.1"
    """The address on which it listens. Beyond loopback every request needs a key."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 8321
    """The port; 0 takes a free one."""
    require_keys: bool = False
    """Whether requests need a key on loopback too."""
    keys: str | None = None
    """The file that `fanin keys` fills; without it: `fanin/keys.json` in `$XDG_DATA_HOME` (`~/.local/share`)."""
    hosts: Annotated[list[str], Field(default_factory=list)]
    """Names by which others reach it, such as `"fanin.example.com"`, besides `localhost`, this machine's name and
    addresses; a request for any other one gets 421."""
    origins: Annotated[list[str], Field(default_factory=list)]
    """Other origins whose pages may send requests and read the replies, by CORS, such as
    `"https://intranet.example.com"`; pages of any other one get 403."""
    concurrent: Count = 64
    """Questions at a time; more are refused with 503, at once."""
    rate: Rate = (120, 60.0)
    """Questions in a time for each key; more are refused with 429."""
    longest: Annotated[Limit, Field(ge=0.5, le=60)] = 60.0
    """The longest deadline that a question may have; a longer one is shortened to it."""
    on_disconnect: Literal["cancel", "continue"] = "cancel"
    """What becomes of a run whose client has disconnected: "cancel" ends it now, "continue" lets it finish."""
