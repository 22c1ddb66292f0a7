"""What the notebooks share: finding run files, intervals and verdicts, and the look of the figures."""

import json
import os
import re
import textwrap
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import h5py
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.ticker import NullFormatter

RESULTS = Path(os.environ.get("LANDSCAPE_RESULTS", "../results"))

# Okabe and Ito's colours, which people with any kind of colour vision tell apart.
BLUE, ORANGE, GREEN, PURPLE, RED, SKY = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9"
GREY = "#6B6B6B"

# Told apart without colour too: by dashes and marks.
LOOKS = [
    {"color": color, "linestyle": dashes, "marker": shape, "markersize": 4}
    for color, dashes, shape in [
        (BLUE, "-", "o"), (RED, "--", "s"), (GREEN, "-.", "^"), (PURPLE, ":", "D"), (ORANGE, (0, (5, 1)), "v"), (SKY, (0, (1, 1)), "P"),
    ]
]
THRESHOLD = {"color": "black", "linestyle": (0, (4, 3)), "linewidth": 0.9, "zorder": 1}

plt.rcParams.update(
    {
        "figure.dpi": 110,
        "savefig.dpi": 200,
        "savefig.bbox": "tight",
        "figure.constrained_layout.use": True,
        "font.size": 9,
        "axes.titlesize": 9,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.7,
        "xtick.major.width": 0.7,
        "ytick.major.width": 0.7,
        "lines.linewidth": 1.6,
        "legend.frameon": False,
    }
)


@dataclass
class Run:
    """One run file."""

    path: Path
    seed: int
    status: str
    configuration: dict

    def dataset(self, group="/measurements"):
        """A group of the file with its named dimensions; closed again, so that the file can be replaced."""
        with xr.open_dataset(self.path, engine="h5netcdf", group=group) as data:
            return data.load()

    def has(self, group):
        with h5py.File(self.path) as file:
            return group in file

    def numbers(self, path):
        """A measurement as an array, by its path in /measurements."""
        with h5py.File(self.path) as file:
            return np.asarray(file[f"measurements/{path}"][()], dtype=float)

    def number(self, path):
        """A single measurement."""
        return float(self.numbers(path))


def runs(experiment):
    """The experiment's finished runs in order of their seeds."""
    found = []
    for path in sorted((RESULTS / experiment).glob("*.h5")):
        with h5py.File(path) as file:
            if "run_id" not in file.attrs:
                continue
            # The digest covers the seed too; it is no setting.
            settings = {k: v for k, v in file["configuration"].attrs.items() if not k.startswith("_") and k != "digest"}
            found.append(Run(path, int(file.attrs["seed"]), _text(file.attrs["status"]), _plain(settings)))
    if not found:
        print(
            f"No runs of {experiment} in {RESULTS.resolve()}: nothing is drawn. "
            f"Make some with `landscape reproduce`, or name another folder in LANDSCAPE_RESULTS."
        )
    for run in found:
        if run.status != "complete":
            print(f"{run.path.name}: {run.status}, left out.")
    return sorted((run for run in found if run.status == "complete"), key=lambda run: run.seed)


def series(found, varying=()):
    """The runs with the settings that most of them share, but for the keys in `varying`; says what is left out."""
    groups = defaultdict(list)
    for run in found:
        groups[repr(sorted((k, str(v)) for k, v in run.configuration.items() if k not in varying))].append(run)
    if not groups:
        return []
    largest = max(groups.values(), key=len)
    others = len(found) - len(largest)
    print(f"{len(largest)} runs with seeds {', '.join(map(str, sorted({run.seed for run in largest})))}.")
    if others:
        print(f"{others} runs with other settings are left out.")
    return largest


def beside(found, chosen, varying):
    """The runs that differ from one of `chosen` at most in the settings `varying`."""
    def rest(run):
        return repr(sorted((k, str(v)) for k, v in run.configuration.items() if k not in varying))
    wanted = {rest(run) for run in chosen}
    return [run for run in found if rest(run) in wanted]


@dataclass
class Table:
    """A number for each seed (rows) and each place on an axis (columns); NaN where there is none."""

    x: np.ndarray
    seeds: list
    rows: np.ndarray
    holes: str

    @property
    def median(self):
        """NaN in a column with a NaN: what one seed lacks is not averaged away."""
        return np.median(self.rows, axis=0)

    def slopes(self):
        """The power of x that each seed follows, by least squares in logarithms."""
        with np.errstate(all="ignore"):
            x, y = np.log(self.x), np.log(self.rows)
        return np.array([np.polyfit(x, row, 1)[0] if np.isfinite(row).all() else np.nan for row in y])


def table(found, x, value):
    """The numbers `value(run)` by seed and by `x(run)`, with the names of those that are missing or no numbers."""
    numbers = {(run.seed, x(run)): float(value(run)) for run in found}
    seeds, places = sorted({s for s, _ in numbers}), sorted({p for _, p in numbers})
    rows = np.array([[numbers.get((seed, place), np.nan) for place in places] for seed in seeds])
    holes = []
    for place, column in zip(places, rows.T):
        lost = [str(seed) for seed, value in zip(seeds, column) if np.isnan(value)]
        if lost:
            holes.append(f"{place:g} ({'seed' if len(lost) == 1 else 'seeds'} {', '.join(lost)})")
    return Table(np.array(places, dtype=float), seeds, rows, "; ".join(holes))


def interval(values, statistic=np.mean, resamples=10_000):
    """A statistic with its 95 % bootstrap interval over seeds; without ends for a single value or a NaN."""
    values = np.asarray(values, dtype=float)
    value = float(statistic(values)) if len(values) else np.nan
    if len(values) < 2 or not np.isfinite(values).all():
        return value, np.nan, np.nan
    chosen = np.random.default_rng(0).integers(len(values), size=(resamples, len(values)))
    low, high = np.quantile(statistic(values[chosen], axis=1), [0.025, 0.975])
    return value, float(low), float(high)


def intervals(rows):
    """Means of the columns with the ends of their intervals, as three arrays."""
    return np.array([interval(column) for column in np.asarray(rows).T]).T


def with_interval(axes, x, rows, label=None, band=False, **look):
    """Means over seeds with 95 % intervals, as bars or as a band."""
    mean, low, high = intervals(rows)
    if band:
        axes.fill_between(x, low, high, color=look["color"], alpha=0.2, linewidth=0)
        axes.plot(x, mean, label=label, **look)
    else:
        axes.errorbar(x, mean, yerr=[mean - low, high - mean], label=label, capsize=2, elinewidth=1, **look)
    return mean


def few_ticks(axis, most=7):
    """On a logarithmic axis powers of ten, with 2, 5 or more between them where there are few, and at most `most` in all."""
    low, high = sorted(axis.get_view_interval())
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)

    def ticks(*steps):
        return [step * 10.0**power for power in powers for step in steps if low <= step * 10.0**power <= high]

    choices = [ticks(1), ticks(1, 2, 5), ticks(1, 1.5, 2, 3, 4, 6, 8)]
    chosen = next((one for one in choices if len(one) >= min(3, most / 2)), choices[-1])
    axis.set_ticks(chosen[:: 1 + (len(chosen) - 1) // most])
    axis.set_major_formatter(lambda tick, _: f"{tick:g}")
    axis.set_minor_formatter(NullFormatter())


def text_of(value, low=np.nan, high=np.nan, digits=3):
    """A number as the table of verdicts has it: with its interval, if it has one."""
    if np.isnan(value):
        return "not a number"
    ends = f" [{low:.{digits}g}, {high:.{digits}g}]" if np.isfinite([low, high]).all() else ""
    return f"{value:.{digits}g}{ends}"


def findings():
    """What `landscape reproduce` made of the runs, by id; of several sizes the newest."""
    found = {}
    for path in sorted(RESULTS.glob("findings-*.json"), key=lambda path: path.stat().st_mtime):
        for entry in json.loads(path.read_text()):
            # A size whose runs were never made has nothing to say about these.
            if entry["verdict"] != "no results":
                found[entry["id"]] = entry
    return found


def verdict(name):
    """A finding in a line: verdict, effect, interval, criterion, and the runs that are missing."""
    entry = findings().get(name)
    if entry is None:
        return f"{name}: no verdict yet."
    line = f"{name} ({entry['profile']}, {entry['runs']} run{'s' if entry['runs'] != 1 else ''}): {entry['verdict']}."
    if isinstance(entry.get("effect"), (int, float)):
        ends = [end for end in entry.get("interval") or [] if isinstance(end, (int, float))]
        line += f" Effect {text_of(entry['effect'], *(ends if len(ends) == 2 else []), digits=4)}"
        line += f" {entry['unit']};" if entry.get("unit") else ";"
    line += f" criterion: {entry['criterion']}."
    if entry["missing"]:
        line += f" Runs without a result: {', '.join(one['run'] for one in entry['missing'])}."
    if entry["diverged"]:
        line += f" Diverged: {', '.join(entry['diverged'])}."
    return line


def caption(figure, *names, note="", holes=()):
    """Below a figure: what is drawn, what is missing, and the verdicts of the findings it belongs to."""
    # One of a kind is told as one.
    lines = [re.sub(r"(?<![\d.,])1 (seed|pair)s\b", r"1 \1", note)] if note else []
    named = list(dict.fromkeys(one for one in holes if one))
    lines += [f"Missing, or not a number: {'; '.join(named)}."] if named else []
    lines += [verdict(name) for name in names]
    width = int(figure.get_figwidth() * 20.5)
    text = "\n".join(textwrap.fill(line, width) for line in lines)
    figure.text(0.01, -0.02, text, va="top", ha="left", fontsize=7, color="#404040", linespacing=1.35)


def seed_lines(axes, x, lines, color, label=None, at=None, offset=(4, 0), legend=None, **style):
    """One thin line for each seed and their median, which bears the label at the point of number `at`, or is in the legend."""
    lines = np.asarray(lines)
    if len(lines) > 1:
        for line in lines:
            axes.plot(x, line, color=color, alpha=0.25, linewidth=0.6)
    median = np.median(lines, axis=0)
    axes.plot(x, median, color=color, label=legend, **style)
    if label:
        mark(axes, x[at if at is not None else -1], median[at if at is not None else -1], label, color, offset)
    return median


def mark(axes, x, y, text, color, offset=(4, 0), ha="left", va="center", **style):
    """A label beside a point, in place of a legend."""
    axes.annotate(
        text, (x, y), xytext=offset, textcoords="offset points", color=color, ha=ha, va=va, annotation_clip=False, **style
    )


def save(figure, name):
    """Writes the figure beside the notebook."""
    figure.savefig(f"{name}.png")


def _text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def _plain(attributes):
    return {key: _text(value) if isinstance(value, (bytes, str)) else np.asarray(value).tolist() for key, value in attributes.items()}
