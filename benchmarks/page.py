"""How large the HTML report of a policy is, how long it takes to be written, and how quick it is in a browser.

    python benchmarks/page.py                         # 100 and 1000 rules
    python benchmarks/page.py 4000

Writing is processor time of fresh processes, and so is the same check as JSON, which the page costs as well. In the browser it is
wall clock, the median of three visits: until the page is laid out, and from a change of a filter or a search until the page is laid
out again. It needs what `tests/browser/install.sh` installs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from stopwatch import fresh, median, seconds, table

HERE = Path(__file__).resolve().parent
DRIVER = HERE.parent / "tests" / "browser" / "drive.mjs"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SIZES = (100, 1000)
VISITS = 3
STEPS = {
    "load": "performance.getEntriesByType('navigation')[0].loadEventEnd",
    "filter": "timed(() => document.querySelector('input[value=critical]').click())",
    "unfilter": "timed(() => document.querySelector('input[value=critical]').click())",
    "first search": "timed(() => searched('health'))",
    "next search": "timed(() => searched('admin'))",
}
"""What is asked of the page, each of which answers milliseconds."""

PREPARATION = """(() => {
  globalThis.timed = (act) => {
    const start = performance.now();
    act();
    document.body.getBoundingClientRect();
    return performance.now() - start;
  };
  globalThis.searched = (words) => {
    const field = document.getElementById("search");
    field.value = words;
    field.form.dispatchEvent(new Event("submit", { cancelable: true }));
  };
})()"""


def measured(size: int, folder: Path, chromium: str) -> dict[str, str]:
    """The figures of one size, by what they are of."""
    policy, page = folder / "policy.json", folder / "page.html"
    with policy.open("wb") as stream:
        subprocess.run([sys.executable, str(HERE / "generate.py"), "--rules", str(size)], stdout=stream, check=True)
    check = [sys.executable, "-m", "edgelint", "check", "--isolated", str(policy), "--output"]
    plain = fresh([*check, str(folder / "report.json"), "--format", "json"])
    whole = fresh([*check, str(page), "--format", "html"])
    costs = {"check to JSON": f"{seconds(plain.processor)} s", "check to HTML": f"{seconds(whole.processor)} s"}
    return {**costs, "MB": f"{page.stat().st_size / 1e6:.2f}", **visited(page, chromium)}


def visited(page: Path, chromium: str) -> dict[str, str]:
    """How long a browser takes for each step, in milliseconds."""
    steps = [{"ask": PREPARATION}, *({"ask": step} for step in STEPS.values())]
    line = json.dumps({"url": page.as_uri(), "steps": steps}) + "\n"
    done = subprocess.run(
        ["node", str(DRIVER), chromium], input=line * VISITS, capture_output=True, text=True, check=True
    )
    laps = [json.loads(answer)["answers"][1:] for answer in done.stdout.splitlines()]
    return {name: f"{median(lap):.0f} ms" for name, lap in zip(STEPS, zip(*laps, strict=True), strict=True)}


def main() -> None:
    """Measure the sizes that are named and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="how many rules (default: 100 1000)")
    options = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None or not (DRIVER.parent / "node_modules").is_dir():
        parser.error("there is no browser to drive: tests/browser/install.sh installs one")
    with tempfile.TemporaryDirectory() as folder:
        columns = [measured(size, Path(folder), chromium) for size in options.sizes]
    rows = [[name, *(column[name] for column in columns)] for name in columns[0]]
    print(table([["rules", *(f"{size:,}" for size in options.sizes)], *rows]))


if __name__ == "__main__":
    main()
