"""Evaluates the paths of mode-connectivity's run files anew, in NumPy and Float64, and compares losses and errors.

Reads checkpoints by block, builds line, Bezier curve, polygonal chain and elastic band from their control points, permutes
the second minimum's units by the stored permutations, repairs the moments of units on the line to it, and computes cross
entropy and error of the perceptron on the digits that ship with the program. Runs of other networks, losses or data are named and left out.
Run:  python evaluate_paths.py results/mode-connectivity/*.h5
"""

import gzip
import sys
from math import comb
from pathlib import Path

import h5py
import numpy as np

TABLE = Path(__file__).resolve().parents[2] / "Sources/COptdigits/optdigits.csv.gz"
COUNT = 3823
# What a run's settings must be; numbers and texts as they stand in its file.
EXPECTED = {
    "minimum.data.name": "digits",
    "minimum.data.scaling": "standardized",
    "minimum.data.classes": "[]",
    "minimum.data.train_count": "null",
    "minimum.data.per_class": "null",
    "minimum.data.test_count": "null",
    "minimum.data.label_noise": "0.0",
    "minimum.network.architecture": "mlp",
    "minimum.network.activation": "relu",
    "minimum.network.normalization": "published",
    "minimum.network.weight_normalization": "none",
    "minimum.network.parameterization": "standard",
    "minimum.loss": "cross-entropy",
    "minimum.label_smoothing": "0.0",
}


def digits():
    """Training and test part, inputs scaled by the training part's mean and deviation."""
    table = np.loadtxt(gzip.open(TABLE, "rt"), delimiter=",")
    inputs, labels = table[:, :64], table[:, 64].astype(int)
    mean, deviation = inputs[:COUNT].mean(), inputs[:COUNT].std()
    inputs = (inputs - mean) / deviation
    return (inputs[:COUNT], labels[:COUNT]), (inputs[COUNT:], labels[COUNT:])


def weights(group):
    """A checkpoint's dense layers, first to last, as [(weight, bias), ...]."""
    names = sorted(group, key=lambda name: int(name.removeprefix("dense")))
    return [(group[name]["weight"][()].astype(float), group[name]["bias"][()].astype(float)) for name in names]


def combined(points, factors):
    return [
        tuple(sum(f * part for f, part in zip(factors, parts)) for parts in zip(*layers))
        for layers in zip(*points)
    ]


def loss_and_error(layers, data):
    x, labels = data
    for number, (weight, bias) in enumerate(layers):
        x = x @ weight + bias
        if number < len(layers) - 1:
            x = np.maximum(x, 0)
    shifted = x - x.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -logs[np.arange(len(labels)), labels].mean(), (x.argmax(axis=1) != labels).mean()


def bernstein(points, t):
    degree = len(points) - 1
    return combined(points, [comb(degree, i) * t**i * (1 - t) ** (degree - i) for i in range(degree + 1)])


def polygon(points, t):
    position = t * (len(points) - 1)
    piece = min(int(position), len(points) - 2)
    share = position - piece
    return combined(points[piece : piece + 2], [1 - share, share])


def permuted(layers, permutation, groups):
    """The hidden units of layer number g in the order of the permutation's part g."""
    layers = list(layers)
    for number in range(len(layers) - 1):
        order = permutation[groups == number]
        weight, bias = layers[number]
        layers[number] = (weight[:, order], bias[order])
        weight, bias = layers[number + 1]
        layers[number + 1] = (weight[order], bias)
    return layers


def moments(layers, x):
    """Each hidden layer's means and deviations over examples, before the nonlinearity."""
    found = []
    for weight, bias in layers[:-1]:
        x = x @ weight + bias
        found.append((x.mean(axis=0), x.std(axis=0)))
        x = np.maximum(x, 0)
    return found


def repair(x):
    """How a point is made from two ends with each hidden unit's moments set to the interpolated ones, layer by layer."""
    ends = []

    def rule(points, t):
        if not ends:
            ends.extend(moments(point, x) for point in points)
        return repaired(polygon(points, t), ends, t, x)

    return rule


def repaired(layers, ends, t, x):
    for number, pair in enumerate(zip(*ends)):
        mean, deviation = ((1 - t) * first + t * second for first, second in zip(*pair))
        weight, bias = layers[number]
        own_mean, own_deviation = moments(layers[: number + 2], x)[number]
        ratio = np.where(own_deviation > 1e-6 * abs(own_mean), deviation / np.maximum(own_deviation, 1e-300), 1)
        layers[number] = (ratio * weight, mean - ratio * (own_mean - bias))
    return layers


def paths(file, x):
    """Each path's name, its control points and how they make a point."""
    checkpoints, measurements = file["checkpoints"], file["measurements"]
    first, second = weights(checkpoints["first"]), weights(checkpoints["second"])
    if "line" in measurements:
        yield "line", [first, second], polygon
    for name, rule in [("bezier", bernstein), ("chain", polygon), ("elastic_band", polygon)]:
        bends = [key for key in checkpoints if key.startswith(f"{name}_bend")]
        bends.sort(key=lambda key: int(key.removeprefix(f"{name}_bend") or 0))
        if name in measurements:
            yield name, [first, *(weights(checkpoints[key]) for key in bends), second], rule
    for method in measurements.get("matching", {}):
        group = measurements["matching"][method]
        if "permutation" in group:
            matched = permuted(second, group["permutation"][()], group["unit_group"][()])
            yield f"matching/{method}", [first, matched], polygon
            if "repaired" in group:
                yield f"matching/{method}/repaired", [first, matched], repair(x)


def compare(path, train, test):
    """The largest differences of losses and errors, path by path, and why there are none."""
    found = {}
    with h5py.File(path) as file:
        settings = {k: v.decode() if isinstance(v, bytes) else str(v) for k, v in file["configuration"].attrs.items()}
        if "checkpoints" not in file:
            return found, "it holds no checkpoints"
        for key, value in EXPECTED.items():
            if settings.get(key, value) != value:
                return found, f"its {key} is {settings[key]}, and here it is {value}"
        for name, points, rule in paths(file, train[0]):
            measured = file["measurements"][name]
            losses, errors = [], []
            for index, t in enumerate(measured["t"][()]):
                layers = rule(points, t)
                for part, data in [("train", train), ("test", test)]:
                    loss, error = loss_and_error(layers, data)
                    losses.append(abs(loss - measured[f"{part}_loss"][index]) / (1 + loss))
                    errors.append(abs(error - measured[f"{part}_error"][index]) * len(data[1]))
            found[name] = (max(losses), max(errors))
    return found, "" if found else "it has no path between two ends"


def main():
    train, test = digits()
    print(f"NumPy {np.__version__}, h5py {h5py.__version__}; largest differences of losses (relative) and of wrong examples")
    worst = 0.0
    for path in sys.argv[1:]:
        found, reason = compare(path, train, test)
        if reason:
            print(f"{Path(path).name} left out: {reason}")
        for name, (loss, wrong) in found.items():
            print(f"{Path(path).name} {name:24} {loss:.1e} {wrong:.0f}")
            worst = max(worst, loss)
    print(f"worst {worst:.1e}")
    return 0 if worst < 1e-4 else 1


if __name__ == "__main__":
    sys.exit(main())
