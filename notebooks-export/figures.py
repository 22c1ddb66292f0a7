"""What the notebooks share: finding run files, and the look of the figures."""

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import h5py
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

RESULTS = Path(os.environ.get("LANDSCAPE_RESULTS", "../results"))

# Okabe and Ito's colours, which people with any kind of colour vision tell apart.
BLUE, ORANGE, GREEN, PURPLE, RED, SKY = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9"
GREY = "#6B6B6B"

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


def seed_lines(axes, x, lines, color, label=None, at=None, offset=(4, 0), **style):
    """One thin line for each seed and their median, which bears the label at the point of number `at`."""
    lines = np.asarray(lines)
    if len(lines) > 1:
        for line in lines:
            axes.plot(x, line, color=color, alpha=0.25, linewidth=0.6)
    median = np.median(lines, axis=0)
    axes.plot(x, median, color=color, **style)
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
