import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def hostile(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a hostile server in a process of its own; the module says which: `KIND`."""
    command = [sys.executable, "-m", "fanin.testing.hostile", request.module.KIND]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()
    gc.freeze()  # once more, as tests/conftest.py does: `watch_loop` undoes it
