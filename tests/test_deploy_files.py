"""The files of deploy/ and the examples for proxies are what the programs that read them take."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[1]
SERVERS, DEPLOY = ROOT / ".servers", ROOT / "deploy"
PAGE = (ROOT / "docs" / "how-to" / "deploy.md").read_text("utf-8")

pytestmark = pytest.mark.all


def block(title: str) -> str:
    """The block of this title on the page on deployment."""
    (found,) = re.findall(rf'^```\w+ title="{title}"\n(.*?)^```', PAGE, re.MULTILINE | re.DOTALL)
    return found


def program(name: str, *places: str, absent) -> str:
    found = shutil.which(name) or next((str(each) for each in map(SERVERS.joinpath, places) if each.exists()), None)
    return found or absent(f"{name} is not here")


def check(*words: str | Path) -> None:
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nginx_takes_the_example(tmp_path, absent) -> None:
    nginx = program("nginx", "nginx/usr/sbin/nginx", absent=absent)
    head = f"daemon off; pid {tmp_path}/pid; error_log stderr; events {{}}"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{each}_temp_path {tmp_path}/{each};" for each in kinds)
    server = f"server {{ listen 127.0.0.1:8080; {block('nginx')} }}"
    (tmp_path / "nginx.conf").write_text(f"{head}\nhttp {{ access_log off; {folders}\n{server} }}\n")
    check(nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf")


def test_caddy_takes_the_example(tmp_path, absent) -> None:
    caddy = program("caddy", "caddy/usr/bin/caddy", absent=absent)
    (tmp_path / "Caddyfile").write_text(block("Caddy"))
    check(caddy, "adapt", "--adapter", "caddyfile", "--validate", "--config", tmp_path / "Caddyfile")


def test_systemd_takes_the_unit(tmp_path, absent) -> None:
    systemd = program("systemd-analyze", absent=absent)
    unit, command = (DEPLOY / "fanin.service").read_text(), str(Path(sys.executable).parent / "fanin")
    (tmp_path / "fanin.service").write_text(unit.replace("/opt/fanin/bin/fanin", command))
    check(systemd, "verify", tmp_path / "fanin.service")


def test_the_compose_file_is_of_the_compose_specification(absent) -> None:
    schema = SERVERS / "compose" / "compose" / "config" / "compose_spec.json"
    if not schema.exists():
        absent("the Compose specification is not here")
    rules = jsonschema.Draft7Validator(json.loads(schema.read_text()))
    assert list(rules.iter_errors(yaml.safe_load((DEPLOY / "compose.yaml").read_text()))) == []
    assert list(rules.iter_errors({"services": {"fanin": {"prots": []}}})) != []
