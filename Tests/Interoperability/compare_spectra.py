"""Computes a run's largest eigenvalues and traces anew by curvlinops and SciPy, from the weights and examples in its file.

    landscape run hessian-spectrum --set keep_examples=true --set spectrum.blocks=layers \
      --set spectrum.beside='[gauss-newton, empirical-fisher]' ...
    python Tests/Interoperability/compare_spectra.py results/hessian-spectrum/RUN.h5

Needs torch, curvlinops-for-pytorch, scipy and h5py. For dense networks under cross entropy. Made and run with torch 2.15.0,
curvlinops-for-pytorch 3.0.1, SciPy 1.17.1.
"""
import sys
from importlib.metadata import version

import h5py
import numpy as np
import torch
from curvlinops import EFLinearOperator, GGNLinearOperator, HessianLinearOperator
from scipy.sparse.linalg import LinearOperator, eigsh

COUNT = 10
EXACT_TRACE_LIMIT = 1500


def network(weights, activation):
    """Layers in the order of their names, the weights transposed to PyTorch's order."""
    layers = []
    names = sorted(weights, key=lambda name: int(name.removeprefix("dense")))
    for name in names:
        weight, bias = weights[name]["weight"][()], weights[name]["bias"][()]
        layer = torch.nn.Linear(*weight.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weight.T.astype("f8")))
            layer.bias.copy_(torch.from_numpy(bias.astype("f8")))
        layers += [layer, {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}[activation]()]
    return torch.nn.Sequential(*layers[:-1])


def numpy_operator(operator):
    """A curvlinops operator for SciPy, in Float64."""
    size = operator.shape[1]

    def product(vector):
        with torch.no_grad():
            return (operator @ torch.from_numpy(np.ascontiguousarray(vector.reshape(size)))).detach().numpy()

    return LinearOperator((size, size), matvec=product, dtype="f8")


def compare(name, operator, group):
    """Whether eigenvalues or traces differ, of the matrix and of its layers' blocks."""
    operator = numpy_operator(operator)
    failed = compare_one(name, operator, group["largest"][()], group)
    if "blocks" in group:
        blocks = group["blocks"]
        for place, block in enumerate(blocks["block"].asstr()[()]):
            # Layers follow each other in PyTorch as here; within one the order of parameters doesn't matter.
            if block != f"dense{place + 1}":
                continue
            first = sum(blocks["parameters"][:place])
            part = restricted(operator, first, int(blocks["parameters"][place]))
            row = {key: blocks[key][place] for key in ("trace", "trace_standard_error")}
            failed |= compare_one(f"{name}, {block}", part, blocks["largest"][place], row)
    return failed


def restricted(operator, first, count):
    """Rows and columns of consecutive parameters."""

    def product(vector):
        whole = np.zeros(operator.shape[0])
        whole[first : first + count] = vector.reshape(count)
        return operator.matvec(whole)[first : first + count]

    return LinearOperator((count, count), matvec=product, dtype="f8")


def compare_one(name, operator, found, estimates):
    count = min(COUNT, len(found))
    # SciPy's Lanczos for the ends of the spectrum; ours are the algebraically largest.
    values = np.sort(eigsh(operator, k=count, which="LA", tol=1e-9, return_eigenvectors=False))[::-1]
    difference = np.max(np.abs(values - found[:count]) / np.abs(values))
    print(f"{name}: largest relative difference of the {count} largest eigenvalues {difference:.2e}")
    failed = not difference < TOLERANCE
    if "trace" in estimates:
        trace, error = float(np.asarray(estimates["trace"])), float(np.asarray(estimates["trace_standard_error"]))
        size = operator.shape[0]
        if size <= EXACT_TRACE_LIMIT:
            other = sum(operator.matvec(row)[place] for place, row in enumerate(np.eye(size)))
            bound = 4 * error
        else:
            signs = np.random.default_rng(0).choice([-1.0, 1.0], (50, size))
            samples = [float(row @ operator.matvec(row)) for row in signs]
            other = np.mean(samples)
            bound = 4 * np.hypot(error, np.std(samples, ddof=1) / np.sqrt(len(samples)))
        print(f"{name}: trace {other:.6g} there, {trace:.6g} +- {error:.2g} here")
        failed |= not abs(trace - other) <= bound
    return failed


file = h5py.File(sys.argv[1])
settings = file["configuration"].attrs
text = {key: value.decode() if isinstance(value, bytes) else value for key, value in settings.items()}
assert text["training.loss"] == "cross-entropy", "only cross entropy is compared"
examples = file["measurements/examples"]
last = max((name for name in file["checkpoints"]), key=int)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
model = network(file[f"checkpoints/{last}"], text["training.network.activation"])
data = [
    (torch.from_numpy(examples["features"][()].astype("f8")), torch.from_numpy(examples["labels"][()].astype("i8")))
]
loss = torch.nn.CrossEntropyLoss()
final = file["measurements/final"]
# Single precision and the tolerance of our Lanczos set the bound.
TOLERANCE = 1e-5 if text["precision"] == "float64" else 1e-3
parameters = list(model.parameters())
print(f"torch {torch.__version__}, curvlinops {version('curvlinops-for-pytorch')}, SciPy {version('scipy')}")
print(f"{sum(value.numel() for value in parameters)} parameters, {len(data[0][0])} examples, step {last}")


def operator(kind):
    return kind(model, loss, parameters, data, check_deterministic=False)


failed = compare("Hessian", operator(HessianLinearOperator), final)
others = {"gauss_newton": ("Gauss-Newton", GGNLinearOperator), "empirical_fisher": ("empirical Fisher", EFLinearOperator)}
for key, (name, kind) in others.items():
    if key in final:
        failed |= compare(name, operator(kind), final[key])
sys.exit("the spectra differ" if failed else 0)
