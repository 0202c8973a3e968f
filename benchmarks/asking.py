"""How a contender of `rivals.py` is asked: a task on standard input, answers as lines. Standard library only.

The task is JSON: `question` is `overlap` (does a rule share a request with each earlier one) or `shadowing` (do the earlier
rules together cover a rule), `rules` are what the contender was given to express. Each rule is answered by one line: its
`answers` as true, false or, undecided, null, and the `seconds` of processor time since the first rule was prepared.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Rule = TypeVar("Rule")
Verdict = bool | None


def serve(
    prepare: Callable[[Any], Rule],
    overlap: Callable[[Rule, Rule], Verdict],
    covered: Callable[[Rule, Sequence[Rule]], Verdict],
    load: Callable[[Any], Any] = lambda given: given,
) -> None:
    """Answer the task on standard input. `load` reads a rule as it was given and is not timed, `prepare` is."""
    task = json.load(sys.stdin)
    loaded = [load(rule) for rule in task["rules"]]
    start = time.thread_time()  # the clock of the process goes in milliseconds while its time is limited
    rules = [prepare(rule) for rule in loaded]
    for position, rule in enumerate(rules):
        earlier = rules[:position]
        if task["question"] == "overlap":
            answers = [overlap(rule, other) for other in earlier]
        else:
            answers = [covered(rule, earlier)]
        print(json.dumps({"answers": answers, "seconds": time.thread_time() - start}), flush=True)
