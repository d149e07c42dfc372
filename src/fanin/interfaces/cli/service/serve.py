"""`fanin serve`: the HTTP API, with the settings of the file and what the options change in them."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from pydantic import ValidationError

from fanin import lazy
from fanin.config import Settings, find, load
from fanin.config.setting_errors import lines
from fanin.config.setting_tables import KeptRuns, Serving
from fanin.config.setting_values import Strict
from fanin.errors import ConfigError
from fanin.interfaces.cli.options import Config
from fanin.interfaces.cli.terminal import note

type Models = Annotated[
    tuple[str, ...],
    Parameter(negative=(), help='Let this language model write answers: "ollama:qwen3". Repeat it to name fallbacks.'),
]


def serve(
    *,
    host: Annotated[str | None, Parameter(help="The address to listen on. Default: 127.0.0.1.")] = None,
    port: Annotated[int | None, Parameter(help="The port; 0 takes a free one. Default: 8321.")] = None,
    require_keys: Annotated[
        bool | None, Parameter(negative=(), help="Ask for a key on loopback too; elsewhere it always does.")
    ] = None,
    keys: Annotated[str | None, Parameter(help="The file of keys. Default: that of `fanin keys`.")] = None,
    hosts: Annotated[
        tuple[str, ...], Parameter(name="--allow-host", negative=(), help="A name by which others reach it. Repeat it.")
    ] = (),
    origins: Annotated[
        tuple[str, ...],
        Parameter(name="--allow-origin", negative=(), help="An origin whose pages may use it. Repeat it."),
    ] = (),
    concurrent: Annotated[int | None, Parameter(help="Questions at a time. Default: 64.")] = None,
    rate: Annotated[str | None, Parameter(help='Questions in a time for each key. Default: "120/min".')] = None,
    longest: Annotated[str | None, Parameter(help='The longest deadline of a question. Default: "60s".')] = None,
    on_disconnect: Annotated[
        Literal["cancel", "continue"] | None,
        Parameter(help="What becomes of a run that nobody waits for any more. Default: cancel."),
    ] = None,
    keep: Annotated[str | None, Parameter(help='How long runs are kept; "0s": not at all. Default: "30 days".')] = None,
    runs_file: Annotated[str | None, Parameter(help="The file of the runs. Default: that of `fanin runs`.")] = None,
    write: Models = (),
    config: Config = None,
) -> int:
    """Answer questions over HTTP until Ctrl-C or SIGTERM. It needs the extra fanin[server].

    At SIGTERM it answers the questions that it has taken, and takes no more; at Ctrl-C with what has arrived.
    """
    given: dict[str, Any] = {
        "host": host,
        "port": port,
        "require_keys": require_keys,
        "keys": keys,
        "hosts": [*hosts] or None,
        "origins": [*origins] or None,
        "concurrent": concurrent,
        "rate": rate,
        "longest": longest,
        "on_disconnect": on_disconnect,
    }
    settings = _changed(load(find(config)), given, {"keep": keep, "file": runs_file})
    try:
        server = lazy.uvicorn_server
    except ImportError as error:
        raise ConfigError(
            f"The extra fanin[server] is not installed ({error}); fanin did not start. Install it."
        ) from error
    server.serve(settings, settings.engine(writer=write or None), say=note)
    return 0


def _changed(settings: Settings, server: dict[str, Any], runs: dict[str, Any]) -> Settings:
    general = settings.general
    update = {
        "server": _merged(general.server, Serving, server, "server"),
        "runs": _merged(general.runs, KeptRuns, runs, "runs"),
    }
    return replace(settings, general=general.model_copy(update=update))


def _merged(table: Strict, model: type[Strict], given: dict[str, Any], name: str) -> Strict:
    """The table with what was given in place of it. Raises ConfigError."""
    found = {key: value for key, value in given.items() if value is not None}
    try:
        return model.model_validate({**{key: getattr(table, key) for key in model.model_fields}, **found})
    except ValidationError as error:
        raise ConfigError("\n".join(lines(error, model, under=name))) from error
