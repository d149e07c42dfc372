"""A short run of the soak: the long one is `bench/soak.py --minutes 60`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import fanin

pytestmark = pytest.mark.alone


SOAK = Path(__file__).parent.parent / "bench" / "soak.py"


@pytest.mark.parametrize(
    ("part", "share"), [("cycles", "0.005"), ("programs", "0.02"), ("questions", "0.05"), ("stops", "0.1")]
)
def test_a_short_soak_crashes_hangs_and_leaks_nothing(part: str, share: str) -> None:
    ran = subprocess.run(
        [sys.executable, SOAK, "--share", share, "--minutes", "1.5", part],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(fanin.__file__).parents[1])},
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
