"""The recipe of CONTRIBUTING.md for an experiment of one's own, pasted into a shell as it stands."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def recipe():
    text = (REPOSITORY / "CONTRIBUTING.md").read_text()
    section = text.split("## An experiment of your own", 1)[1].split("\n## ", 1)[0]
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", section, flags=re.M | re.S))


def test_an_experiment_in_a_package_of_ones_own_builds_and_decides_its_finding(tmp_path):
    # What was compiled is kept inside .build, so that only a first run is slow.
    kept = REPOSITORY / ".build/own-experiment"
    shutil.rmtree(kept / "my-landscape/results", ignore_errors=True)
    kept.mkdir(parents=True, exist_ok=True)
    clone = kept / "landscape"
    if not clone.is_symlink():
        clone.symlink_to(REPOSITORY)
    result = subprocess.run(
        ["bash", "-e", "-c", recipe()], cwd=kept, env=os.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    assert re.search(r"ring\.curve +reproduced +0\.0", result.stdout), result.stdout
    assert len(list((kept / "my-landscape/results/ring").glob("*.h5"))) >= 5
