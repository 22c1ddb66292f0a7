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
    """What a process takes that makes a workload ready and does three samples of it: OpenMP's calls for memory as oneDNN opens
    parallel regions, oneDNN's own while it computes, all others', and the blocks that are left at the end."""
    environment = {"LD_PRELOAD": str(counter), "OMP_NUM_THREADS": "1", "SWIFT_DETERMINISTIC_HASHING": "1"}
    result = subprocess.run(
        [PROGRAM, "bench", "--serve", workload, "--units", str(units)], input="\n\n\n", text=True, capture_output=True,
        env={**os.environ, **environment}, timeout=1_200)
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 4
    return [int(number) for number in result.stderr.split("allocations: ")[1].split()]


def growth(counter, workload, units):
    """By how much these numbers grow with so many more units in each of the three samples, twice."""
    few, more, most = (allocations(counter, workload, count) for count in (1, 1 + units, 1 + 2 * units))
    return [[after - before for before, after in zip(*pair)] for pair in ((few, more), (more, most))]


# The numbers printed may differ in length by chance.
CHANCE = 10


# With 30 steps an epoch ends, and its batches are drawn anew.
@pytest.mark.parametrize(
    "workload, units",
    [
        ("mlp-step", 400), ("mlp-adam-step", 400), ("mlp-hvp", 20), ("lenet300-step", 30), ("lenet300-hvp", 5),
        ("mlp1024-step", 5), ("lenet5-step", 30), ("conv2-step", 3), ("resnet20-step", 1),
    ])
def test_a_steady_step_takes_no_memory(counter, workload, units):
    for regions, library, own, blocks in growth(counter, workload, units):
        assert abs(own) <= CHANCE
        assert abs(blocks) <= CHANCE
        assert regions == 0
        if has_wide_vectors():
            assert library == 0


def has_wide_vectors():
    """Whether products are formed by the program's own kernels, which take no memory."""
    return " avx512f " in Path("/proc/cpuinfo").read_text()


def test_the_counter_counts(counter):
    """A product beyond 1,024 in each extent takes memory for its packed operands in the library, once a call."""
    if platform.machine() != "x86_64":
        pytest.skip("large products go to oneDNN on x86-64 only")
    (_, library, _, _), _ = growth(counter, "sgemm", 5)
    assert library == 3 * 5


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


@pytest.mark.parametrize("given, expected", [({}, "passive"), ({"OMP_WAIT_POLICY": "active"}, "active")])
def test_threads_that_wait_do_not_spin_unless_asked_to(tmp_path, given, expected):
    environment = {name: value for name, value in os.environ.items() if name not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")}
    process = subprocess.Popen(
        [PROGRAM, "run", "hessian-spectrum", "--threads", "2", "--results", tmp_path], stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, env={**environment, **given})
    while process.poll() is None and not list(tmp_path.glob("hessian-spectrum/*.partial")):  # it has begun its work
        time.sleep(0.01)
    seen = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
    process.kill()
    process.communicate()
    assert f"OMP_WAIT_POLICY={expected}".encode() in seen
