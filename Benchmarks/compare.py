"""Times this program and its peers in turn, in one run, one thread each, and holds the ratios to the aims.

Every workload runs in a process of its own on each side (`landscape bench --serve`, `peers.py`). All of them are bound to one
processor, and samples are taken in turn, A B C A B C ..., so that the ratios of neighbours hold while the speed of the machine
drifts.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from peers import PEERS, WORKLOADS

# Name: what it is, the ratio aimed at, to which peer (None is the best), pairs of samples, whether products decide (held to
# a share of the sgemm peak).
CASES = {
    "mlp-step": ("step, MLP 64-64-64-10, batch 32", 0.35, "JAX", 15, False),
    "lenet300-step": ("step, LeNet-300-100, batch 60", 0.85, "JAX", 15, True),
    "mlp1024-step": ("step, MLP 784-1024-1024-10, batch 128", 0.95, "JAX", 15, True),
    "lenet5-step": ("step, LeNet-5 on 28x28, batch 64", 0.8, "PyTorch", 15, False),
    "conv2-step": ("step, Conv-2 on 28x28, batch 60", 0.8, "PyTorch", 7, False),
    "resnet20-step": ("step, ResNet-20 on 32x32x3, batch 128", 0.8, "PyTorch", 7, False),
    "mlp-hvp": ("Hessian-vector product, MLP 64-64-64-10, 1,437 rows", 0.5, None, 15, True),
    "lenet300-hvp": ("Hessian-vector product, LeNet-300-100, 1,000 rows", 0.5, None, 15, True),
    "resnet20-hvp": ("Hessian-vector product, ResNet-20, batch 128", 0.35, "PyTorch", 5, False),
    "lenet300-density": ("100-step Lanczos density, LeNet-300-100, 10,000 rows", 0.3, "PyTorch", 3, True),
    "lenet300-plane": ("loss at 5 of a plane's 2,601 points, LeNet-300-100, 10,000 rows", 0.8, "PyTorch", 9, True),
}
SHARE_AIM = 0.75
SWEEP = "sweep"
SWEEP_AIM = 0.020


class Server:
    """A process that times one sample whenever it is asked."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.greeting = self._read()
        self.times = []

    def _read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"compare: error: {' '.join(self.process.args)} ended with status {self.process.wait()}.")
        return line.split()

    def sample(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.times.append(float(self._read()[0]))

    def close(self):
        """Ends the process and returns the most memory it had, in bytes."""
        status = Path(f"/proc/{self.process.pid}/status")
        peak = None
        if status.exists():
            peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) * 1024
        self.process.stdin.close()
        usage = os.wait4(self.process.pid, 0)[2]
        self.process.returncode = 0
        return peak or usage.ru_maxrss * (1 if platform.system() == "Darwin" else 1024)


def quartiles(values):
    return statistics.quantiles(values, n=4, method="inclusive")


def compare(name, options, sgemm):
    """One case: what came out, as a dictionary."""
    title, aim, against, samples, isProductBound = CASES[name]
    samples = options.samples or samples
    ours = Server(options.program, "bench", "--serve", name)
    peers = {}
    kind, sizes = WORKLOADS[name]
    for peer, side in PEERS.items():
        if side.can(kind, sizes["network"]):
            peers[peer] = Server(sys.executable, str(Path(__file__).with_name("peers.py")), peer, name)
    for peer, server in peers.items():
        if server.greeting[0] != ours.greeting[0]:
            sys.exit(f"compare: error: {name} has {ours.greeting[0]} parameters here, {server.greeting[0]} in {peer}.")
    servers = [ours, *peers.values()] + ([sgemm] if isProductBound else [])
    sgemm.times = []
    for _ in range(samples):
        for server in servers:
            server.sample()
    against = against or min(peers, key=lambda peer: statistics.median(peers[peer].times))
    ratios = {peer: quartiles([a / b for a, b in zip(ours.times, server.times)]) for peer, server in peers.items()}
    result = {
        "case": name, "title": title, "samples": samples, "seconds": statistics.median(ours.times),
        "peak_memory": ours.close(), "aim": aim, "against": against, "met": ratios[against][1] <= aim,
        "peers": {
            peer: {
                "seconds": statistics.median(server.times), "ratio": ratios[peer][1], "ratio_lower_quartile": ratios[peer][0],
                "ratio_upper_quartile": ratios[peer][2], "peak_memory": server.close()}
            for peer, server in peers.items()},
    }
    if isProductBound:
        operations, peak = float(ours.greeting[1]), float(sgemm.greeting[1])
        shares = [operations / a / (peak / b) for a, b in zip(ours.times, sgemm.times)]
        result.update(
            gigaflops=operations / result["seconds"] * 1e-9, sgemm_gigaflops=peak / statistics.median(sgemm.times) * 1e-9,
            share=statistics.median(shares), share_aim=SHARE_AIM, share_met=statistics.median(shares) >= SHARE_AIM)
    return result


def sweep(options):
    """The harness's own cost: a sweep of runs that compute next to nothing, one after the other."""
    settings = "descent: {dimension: 2, steps: 1, limit_steps: 1}, conditioning: {dimension: 2, condition_numbers: [2, 3, 4]}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "tiny.yaml")
        file.write_text(f"experiment: gradient-descent\nseeds: 0..{options.runs - 1}\nset: {{{settings}}}\n")
        start = time.perf_counter()
        command = [options.program, "run", file, "--results", folder, "--jobs", "1", "--quiet"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds = (time.perf_counter() - start) / options.runs
    return {
        "case": SWEEP, "title": f"a run in a sweep of {options.runs:,} tiny ones, whole", "seconds": seconds,
        "aim_seconds": SWEEP_AIM, "met": seconds <= SWEEP_AIM}


def duration(seconds):
    for unit, factor in (("us", 1e6), ("ms", 1e3)):
        if seconds * factor < 1000:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def describe(result):
    """The lines that are printed for a case."""
    met = {True: "met", False: "missed"}
    if result["case"] == SWEEP:
        return [f"{result['title']}: {duration(result['seconds'])}, aim <= {duration(result['aim_seconds'])}: {met[result['met']]}"]
    lines = [result["title"], f"  {'landscape':15}{duration(result['seconds']):>8} {result['peak_memory'] / 1e6:5.0f} MB"]
    for peer, other in result["peers"].items():
        ratio = f"{other['ratio']:.2f} [{other['ratio_lower_quartile']:.2f}, {other['ratio_upper_quartile']:.2f}]"
        aim = f", aim <= {result['aim']}: {met[result['met']]}" if peer == result["against"] else ""
        lines.append(f"  {peer:15}{duration(other['seconds']):>8} {other['peak_memory'] / 1e6:5.0f} MB   ratio {ratio}{aim}")
    if "share" in result:
        lines.append(
            f"  {result['gigaflops']:.0f} GFLOP/s of {result['sgemm_gigaflops']:.0f} in sgemm: {result['share']:.2f}, "
            f"aim >= {result['share_aim']}: {met[result['share_met']]}")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/landscape", help="the program that is compared")
    parser.add_argument("--cases", nargs="*", metavar="CASE", help=f"only these: {', '.join([*CASES, SWEEP])}")
    parser.add_argument("--samples", type=int, help="rounds of samples in place of each case's own number")
    parser.add_argument("--runs", type=int, default=1000, help="runs in the sweep")
    parser.add_argument("--json", action="store_true", help="results as JSON")
    options = parser.parse_args()
    options.program = str(Path(options.program).absolute())
    chosen = options.cases or [*CASES, SWEEP]
    if unknown := set(chosen) - {*CASES, SWEEP}:
        parser.error(f"no case is called {', '.join(sorted(unknown))}; there are: {', '.join([*CASES, SWEEP])}")
    if options.samples is not None and options.samples < 3:
        parser.error("--samples takes an integer from 3 on")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

    def say(text):
        print(text, file=sys.stderr if options.json else sys.stdout, flush=True)

    say(", ".join(f"{name} {version(name)}" for name in ("torch", "jax", "jaxlib")) + f", Python {platform.python_version()}")
    say("one thread each, bound to one processor; median times, peak memory, our time by theirs with quartiles\n")
    sgemm = Server(options.program, "bench", "--serve", "sgemm")
    results = []
    for name in chosen:
        results.append(sweep(options) if name == SWEEP else compare(name, options, sgemm))
        say("\n".join(describe(results[-1])) + "\n")
    verdicts = [result[key] for result in results for key in ("met", "share_met") if key in result]
    say(f"{sum(verdicts)} of {len(verdicts)} aims met")
    if options.json:
        print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
