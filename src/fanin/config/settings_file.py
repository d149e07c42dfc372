"""Finds and reads a settings file; each mistake in it becomes one line."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeIs, cast

from pydantic import ValidationError

from fanin.arguments import suggest
from fanin.config.kinds import KINDS
from fanin.config.kinds.common_settings import Common
from fanin.config.kinds.plugin_kinds import PluginSource, load_kind, plugin_entry_points, split_settings
from fanin.config.setting_errors import NOTHING, lines, toml_key
from fanin.config.settings import General, Settings
from fanin.errors import ConfigError

FILE = "fanin.toml"

STARTER = Path(__file__).with_name("starter.toml")
"""What is asked when there is no settings file, and what `fanin init` writes."""


def find(named: Path | None = None) -> Path:
    """The settings file: the one that is named, ./fanin.toml, the one of the user, or else the starter set.

    The user's is $XDG_CONFIG_HOME/fanin/fanin.toml, in ~/.config without that variable.
    """
    if named is not None:
        return named
    home = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    return next((path for path in (Path(FILE), home / "fanin" / FILE) if path.exists()), STARTER)


def load(path: str | Path) -> Settings:
    """The settings in a file; its sources may be those of the starter set. Raises ConfigError with a line a mistake.

    A line says the file, the key, what is wrong and what would be right.
    """
    path, mistakes = Path(path), list[str]()
    raw = _read(path)
    general = _general(raw, mistakes)
    declared = raw["sources"] if "sources" in raw else _read(STARTER)["sources"]
    defaults: Mapping[str, Any] = {} if mistakes else raw.get("defaults", {})
    sources = _sources(declared, defaults, mistakes)
    if mistakes:
        raise ConfigError("\n".join(f"{path}: {mistake}" for mistake in mistakes))
    return Settings(path, general, sources)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigError(f"{path}: {why}; {NOTHING}. Name a settings file that can be read.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: this is no TOML: {error}; {NOTHING}. Correct the file.") from error


def _general(raw: Mapping[str, Any], mistakes: list[str]) -> General:
    own_settings = {key: value for key, value in raw.items() if key != "sources"}
    if not own_settings:
        return General.model_construct()  # nothing to validate, and nothing to build a validator for
    try:
        return General.model_validate(own_settings)
    except ValidationError as error:
        mistakes.extend(lines(error, General, also=("sources",)))
        return General.model_construct()


def _sources(declared: object, defaults: Mapping[str, Any], mistakes: list[str]) -> dict[str, Common]:
    if not declared or not isinstance(declared, dict):
        mistakes.append(f"sources: there is none; {NOTHING}. Add a table such as [sources.weather].")
        return {}
    sources: dict[str, Common] = {}
    for name, each in cast("dict[str, object]", declared).items():
        try:
            sources[name] = _source(name, each, defaults)
        except ConfigError as error:
            mistakes.extend(str(error).splitlines())
    return sources


def _source(name: str, raw: object, defaults: Mapping[str, Any]) -> Common:
    """The settings of one source, with the defaults for what it does not say itself; raises ConfigError."""
    key = toml_key("sources", name)
    if not isinstance(raw, dict):
        raise ConfigError(f"{key}: it should be a table; {NOTHING}. Write [{key}] and its settings below.")
    own = cast("dict[str, Any]", raw)
    kind = own.get("kind")
    if not isinstance(kind, str):
        raise ConfigError(f"{key}.kind: this setting is missing; {NOTHING}. {suggest('', _known())}")
    model, own_settings = _model(f"{key}.kind", kind, {**defaults, **own})
    try:
        return model.model_validate(own_settings)
    except ValidationError as error:
        raise ConfigError("\n".join(lines(error, model, under=key))) from error


def _model(key: str, kind: str, raw: Mapping[str, Any]) -> tuple[type[Common], Mapping[str, Any]]:
    """The settings of a kind, and what they are made of."""
    if kind in KINDS:
        return KINDS[kind], raw
    point = plugin_entry_points().get(kind)
    if point is None:
        raise ConfigError(f"{key}: there is no kind {kind!r}; {NOTHING}. {suggest(kind, _known())}")
    try:
        found = load_kind(point)
    except ConfigError as error:
        raise ConfigError(f"{key}: {error}") from error
    if _is_model(found):
        return found, raw
    return PluginSource, split_settings(raw, kind=kind, make=found)


def _is_model(found: object) -> TypeIs[type[Common]]:
    return isinstance(found, type) and issubclass(found, Common)


def _known() -> list[str]:
    return [*KINDS, *sorted(name for name in plugin_entry_points() if name not in KINDS)]
