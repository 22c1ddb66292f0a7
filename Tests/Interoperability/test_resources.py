"""What the program takes of the machine: no memory in a steady step, and no more threads than it was given."""

import os
import platform
import shutil
import statistics
import subprocess
import time
from pathlib import Path

import pytest

PROGRAM = Path(os.environ.get("LANDSCAPE_PROGRAM", ".build/release/landscape"))
COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="counts glibc's calls and reads /proc")


@pytest.fixture(scope="module")
def counter(tmp_path_factory):
    if COMPILER is None:
        pytest.skip("no C compiler to build the counter with")
    library = tmp_path_factory.mktemp("allocations") / "allocations.so"
    source = Path(__file__).with_name("allocations.c")
    subprocess.run([COMPILER, "-O1", "-shared", "-fPIC", "-o", library, source], check=True)
    return library


def allocations(counter, workload, units):
    """The calls for memory of a process that makes a workload ready and does three samples of it."""
    environment = {"LD_PRELOAD": str(counter), "OMP_NUM_THREADS": "1", "SWIFT_DETERMINISTIC_HASHING": "1"}
    result = subprocess.run(
        [PROGRAM, "bench", "--serve", workload, "--units", str(units)], input="\n\n\n", text=True, capture_output=True,
        env={**os.environ, **environment}, timeout=300)
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 4
    return int(result.stderr.split("allocations: ")[1])


# With 30 steps an epoch ends, and its batches are drawn anew.
# One of LeNet-5's convolutions takes memory inside oneDNN, once a step.
@pytest.mark.parametrize(
    "workload, units, inside",
    [("mlp-step", 400, 0), ("mlp-adam-step", 400, 0), ("mlp-hvp", 20, 0), ("lenet5-step", 30, 1)])
def test_a_step_takes_no_memory(counter, workload, units, inside):
    few, more, most = (allocations(counter, workload, count) for count in (1, units, 2 * units))
    # A step that took memory would take it 3 * units times more; the numbers printed may differ in length by chance.
    for difference, steps in ((more - few, 3 * (units - 1)), (most - more, 3 * units)):
        assert abs(difference - inside * steps) <= 10, (few, more, most)


def test_the_counter_counts(counter):
    """A large product takes memory for its packed operands in the library, once a call."""
    if platform.machine() != "x86_64":
        pytest.skip("large products go to oneDNN on x86-64 only")
    few, many = (allocations(counter, "sgemm", count) for count in (1, 6))
    assert abs(many - few - 3 * 5) <= 10


def test_runs_side_by_side_use_no_more_threads_than_they_were_given(tmp_path):
    """Two runs of one thread each: never more than two threads at work, save for moments."""
    sweep = tmp_path / "sweep.yaml"
    sweep.write_text("experiment: hessian-spectrum\nseeds: 0..1\n")
    process = subprocess.Popen(
        [PROGRAM, "run", sweep, "--jobs", "2", "--threads", "1", "--results", tmp_path, "--quiet"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    running = []
    end = time.monotonic() + 6
    while process.poll() is None and time.monotonic() < end:
        states = []
        for status in Path(f"/proc/{process.pid}/task").glob("*/stat"):
            try:
                states.append(status.read_text().rpartition(")")[2].split()[0])
            except OSError:  # the thread has ended
                continue
        running.append(states.count("R"))
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert len(running) > 20
    assert statistics.quantiles(running, n=20)[-1] <= 2, running
