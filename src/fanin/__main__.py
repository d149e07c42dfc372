"""The command `fanin` as a process, also as `python -m fanin`: Ctrl-C ends it without a traceback from here on."""

import _signal  # pyright: ignore - `signal` itself imports `enum`, which takes longer than all before it
import os


def _stop(_number: int, _frame: object) -> None:
    os._exit(130)


_signal.signal(_signal.SIGINT, _stop)  # pyright: ignore


def process() -> None:
    """Be the process of the command: run it, and end with its status."""
    from fanin.interfaces.cli.app import main
    from fanin.interfaces.cli.process_exit import end_on_interrupt, end_process
    from fanin.interfaces.cli.terminal import prepare

    end_on_interrupt()
    prepare()
    end_process(main())


if __name__ == "__main__":
    process()
