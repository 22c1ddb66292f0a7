"""Prunes the weights of a lottery-ticket run anew by NumPy and compares the masks.

    landscape export results/lottery-ticket/RUN.h5 --all --to tickets.safetensors
    python Tests/Interoperability/compare_masks.py tickets.safetensors

The rule: of the n weights left in a layer, or in all layers together, the round(rate n) smallest in magnitude go, the output
layer's by themselves where it has a rate of its own, of excluded layers none. Needs numpy and safetensors. Run with NumPy
2.4.6, safetensors 0.8.0.
"""

import sys

import numpy as np
from safetensors import safe_open


def pruned(masks, weights, scope, rate, output_rate, excluded):
    """The masks after a round. Both are lists of pairs (name, array), first layer to last."""
    names = [name for name, _ in masks]
    inner = [name for name in names if name not in excluded and not (output_rate is not None and name == names[-1])]
    groups = [([name], rate) for name in inner] if scope == "layerwise" else [(inner, rate)]
    if output_rate is not None and names[-1] not in excluded:
        groups.append(([names[-1]], output_rate))
    left, values = {k: v.copy() for k, v in masks}, dict(weights)
    for members, share in groups:
        kept = np.concatenate([left[name].ravel() for name in members]) == 1
        magnitudes = np.concatenate([np.abs(values[name]).ravel() for name in members])
        places = np.flatnonzero(kept)
        # Half is rounded up, and of equal magnitudes the first goes first.
        count = int(np.floor(share * len(places) + 0.5))
        kept[places[np.argsort(magnitudes[places], kind="stable")[:count]]] = False
        start = 0
        for name in members:
            size = left[name].size
            left[name] = kept[start : start + size].reshape(left[name].shape).astype("u1")
            start += size
    return [(name, left[name]) for name in names]


def compare(path):
    """For each round the weights that are left and whether the masks agree."""
    with safe_open(path, framework="np") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    rule = {key.rsplit(".", 1)[1]: value for key, value in metadata.items() if key.startswith("configuration.pruning.")}
    excluded = [name.strip() for name in rule["excluded"].strip("[]").split(",") if name.strip()]
    output_rate = None if rule["output_rate"] == "null" else float(rule["output_rate"])

    def blocks(checkpoint):
        found = [(n.split("/", 1)[1], v) for n, v in tensors.items() if n.startswith(f"{checkpoint}/")]
        chosen = [(n, v) for n, v in found if n.endswith("/weight")]
        if not chosen or not all(n.startswith("dense") for n, _ in chosen):
            sys.exit(f"{path} holds no dense layers of {checkpoint}: export a perceptron's run with --all and no --layout")
        return sorted(chosen, key=lambda pair: int(pair[0].split("/")[0].removeprefix("dense")))

    rounds = sum(name.startswith("mask_") for name in metadata["checkpoints"].split())
    found = []
    for number in range(1, rounds):
        before, trained, after = blocks(f"mask_{number - 1}"), blocks(f"ticket_{number - 1}"), blocks(f"mask_{number}")
        expected = pruned(before, trained, rule["scope"], float(rule["rate"]), output_rate, excluded)
        same = all(np.array_equal(a, b) for (_, a), (_, b) in zip(expected, after, strict=True))
        # What was pruned before is zero in the trained weights.
        same &= all(np.all(value[mask == 0] == 0) for (_, value), (_, mask) in zip(trained, before, strict=True))
        found.append((number, [int(mask.sum()) for _, mask in after], bool(same)))
    return found


if __name__ == "__main__":
    print(f"NumPy {np.__version__}")
    results = compare(sys.argv[1])
    for number, left, same in results:
        print(f"round {number}: {left} weights left, {'the same masks' if same else 'OTHER MASKS'}")
    sys.exit(0 if results and all(same for _, _, same in results) else 1)
