"""Runs the changes that mutmut made, each in a fork of one session that has collected the tests already.

A plugin (`-p scripts.mutation_forked`), for use inside mutants/: it takes mutmut's changes and its map of which test
passes through which function, and leaves out starting and collecting anew for each change, which is most of the work
when tests are short. Limits are of processor time, so that a busy machine stops nothing that would have ended.

`PEIL_CHANGES` names a file with one change per line; `PEIL_FOUND` the file that gets one line per change: its name and
how the tests ended (1 noticed, 0 not noticed, 33 no test passes there, -24 stopped: it took far longer than it should).
"""

from __future__ import annotations

import contextlib
import gc
import json
import math
import os
import resource
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TextIO

import pytest
from hypothesis import Phase, settings
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.utils.format_utils import mangled_name_from_mutant_name

#: Children at a time.
AT_ONCE = 2
#: Seconds of processor time that tests may take: so many times what they take unchanged, and so many more.
TIMES, AND_MORE = 4, 10

# The smallest example that fails helps nobody here, and takes long to look for.
settings.register_profile("mutation", phases=(Phase.explicit, Phase.generate), database=None)
settings.load_profile("mutation")


#: Where a child tells which test failed; the parent tells nothing.
_tell: list[int] = []


def run(name: str, items: Sequence[pytest.Item], seconds: float, tell: int) -> None:
    """In the child: run the tests with this change, until one fails."""
    limit = math.ceil(TIMES * seconds + AND_MORE)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    _tell.append(tell)
    set_mutant_under_test(name)
    for item, following in zip_longest(items, items[1:]):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    os._exit(0)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Leave at the first failure: writing it out for people would be most of the work."""
    if _tell and call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception):
        os.write(_tell[0], f"{item.nodeid}\n".encode())
        os._exit(1)


class Runs:
    """The children at work, and what they found."""

    def __init__(self, found: TextIO) -> None:
        self.noticed: Counter[str] = Counter()  # which test noticed how many: those run first
        self._found, self._running = found, dict[int, str]()
        self._listen, self._tell = os.pipe()
        os.set_blocking(self._listen, False)

    def begin(self, name: str, items: Sequence[pytest.Item], seconds: float) -> None:
        """Run a change in a child, when there is room."""
        while len(self._running) >= AT_ONCE:
            self.wait()
        pid = os.fork()
        if not pid:
            run(name, items, seconds, self._tell)
        self._running[pid] = name

    def wait(self) -> None:
        """Until one has ended."""
        pid, status = os.wait()
        end = os.waitstatus_to_exitcode(status)
        self._found.write(f"{self._running.pop(pid)} {end}\n")
        if end == 1:
            with contextlib.suppress(BlockingIOError):
                self.noticed.update(os.read(self._listen, 65536).decode().splitlines())

    def wait_for_all(self) -> None:
        """Until none is left."""
        while self._running:
            self.wait()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run every change that was asked for, instead of the tests once."""
    known = json.loads(Path("mutmut-stats.json").read_text("utf-8"))
    seconds: Mapping[str, float] = known["duration_by_test"]
    items = {item.nodeid: item for item in session.items}
    gc.freeze()
    with Path(os.environ["PEIL_FOUND"]).open("a", encoding="utf-8", buffering=1) as found:
        runs = Runs(found)
        for name in Path(os.environ["PEIL_CHANGES"]).read_text("utf-8").split():
            passing = known["tests_by_mangled_function_name"].get(mangled_name_from_mutant_name(name), ())
            tests = sorted(set(passing) & set(items), key=lambda test: (-runs.noticed[test], seconds.get(test, 0.0)))
            if tests:
                runs.begin(name, [items[test] for test in tests], sum(seconds.get(test, 0.0) for test in tests))
            else:
                found.write(f"{name} 33\n")
        runs.wait_for_all()
    return True
