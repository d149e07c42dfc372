"""The reference of all settings is what the code says, both ways."""

import re
import runpy
from pathlib import Path

from fanin.config.kinds import KINDS

ROOT = Path(__file__).parents[2]
REFERENCE = runpy.run_path(str(ROOT / "scripts" / "reference.py"))
PAGE = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")


def test_the_page_is_what_the_code_says() -> None:
    assert REFERENCE["page"]() == PAGE, "run: PYTHONPATH=src .venv/bin/python scripts/reference.py"


def test_every_setting_of_every_kind_is_on_the_page() -> None:
    for name, model in KINDS.items():
        (section,) = re.findall(rf"^### {name}\n(.*?)(?=^### |\Z)", PAGE, re.MULTILINE | re.DOTALL)
        shared = PAGE.partition("## Every source")[2].partition("## Kinds")[0]
        for setting in model.model_fields:
            assert setting == "kind" or f"| `{setting}` |" in section + shared, f"{name}: {setting}"


def test_every_setting_on_the_page_is_one_that_there_is() -> None:
    for name, model in KINDS.items():
        (section,) = re.findall(rf"^### {name}\n(.*?)(?=^### |\Z)", PAGE, re.MULTILINE | re.DOTALL)
        assert {*re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)} <= {*model.model_fields}
