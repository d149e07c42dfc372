"""The files of deploy/ name what there is."""

import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def test_the_dashboard_shows_metrics_that_the_server_has() -> None:
    dashboard = json.loads((DEPLOY / "grafana.json").read_text())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    shown = {name.removesuffix("_bucket") for each in expressions for name in re.findall(r"fanin_\w+", each)}
    page = (ROOT / "docs" / "how-to" / "monitor.md").read_text()
    seen = set(re.findall(r"fanin_\w+", page)) | {"fanin_pool_running", "fanin_pool_waiting", "fanin_pool_stuck"}
    assert shown <= seen | {"fanin_source_cached_total"}
    assert len(dashboard["panels"]) == len({each["title"] for each in dashboard["panels"]})


def test_the_container_has_no_rights_and_a_read_only_root() -> None:
    (service,) = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"].values()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    built = (DEPLOY / "Containerfile").read_text()
    assert built.index("USER fanin") < built.index("CMD [")


def test_commands_in_the_files_are_those_that_there_are() -> None:
    from fanin.interfaces.cli.app import COMMANDS

    files = [DEPLOY / "Containerfile", DEPLOY / "compose.yaml", DEPLOY / "fanin.service"]
    text = "\n".join(each.read_text() for each in files)
    named = set(re.findall(r'(?:"fanin", "|bin/fanin |fanin fanin )(\w+)', text))
    assert named == {"serve", "keys"}
    assert named <= COMMANDS.keys()
