"""Compare our statistics with R's on random data sets (`make oracle`): optional, for whoever has R.

It needs R with lme4, lmerTest, survival, psych and effectsize. Without them it says how to get them, and is no failure.
Not run with R on the machine where it was written: see tests/oracle/oracle.R.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.oracle.cases import OF_EACH_KIND, SEED, random_cases, write
from tests.oracle.figures import differences, read_answers

PACKAGES = ("lme4", "lmerTest", "survival", "psych", "effectsize")
DEBIAN = "r-base-core r-cran-lme4 r-cran-lmertest r-cran-survival r-cran-psych r-cran-effectsize"
HOW = f"On Debian or Ubuntu: sudo apt-get install {DEBIAN}. Elsewhere: R from your system, then install.packages()."


def lacking(rscript: str) -> list[str]:
    """The packages that this R does not have."""
    asked = f"for (p in c({', '.join(repr(p) for p in PACKAGES)})) if (!requireNamespace(p, quietly = TRUE)) cat(p, '')"
    return subprocess.run([rscript, "-e", asked], capture_output=True, text=True, check=True).stdout.split()


def compare(rscript: str) -> list[str]:
    """Write the data sets, let R compute, and say where the two differ."""
    cases = random_cases()
    with tempfile.TemporaryDirectory(prefix="peil-oracle-") as folder:
        write(cases, Path(folder))
        subprocess.run([rscript, str(ROOT / "tests" / "oracle" / "oracle.R"), folder], check=True)
        return differences(cases, read_answers(Path(folder) / "answers.csv"))


def main() -> int:
    """0: R agrees, or there is no R; 1: it does not."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        print(f"Skipped: there is no R here (no Rscript). {HOW}")
        return 0
    missing = lacking(rscript)
    if missing:
        print(f"Skipped: this R has no {', '.join(missing)}. {HOW}")
        return 0
    found = compare(rscript)
    print("\n".join(found) or f"R agrees on {OF_EACH_KIND} random data sets of each kind (seed {SEED}).")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
