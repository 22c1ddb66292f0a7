"""Kernels of infinitely wide perceptrons, by NumPy in Float64, with every expectation by quadrature.

Run with NumPy installed:  python make_infinite_width.py > infinite-width.json
No closed form of the expectations is used: for ReLU the radius is integrated by hand (its integrals are 2 and 1) and the
angle by Gauss-Legendre's rule, where the integrand is smooth; for erf both dimensions by Gauss-Hermite's rule.
"""

import json
import math
import sys

import numpy as np

HERMITE = np.polynomial.hermite_e.hermegauss(160)
LEGENDRE = np.polynomial.legendre.leggauss(60)
ERF = np.vectorize(math.erf)


def relu(a, b, c):
    """E[relu(u) relu(v)], E[relu'(u) relu'(v)]: u = sqrt(a) r cos(p), v = sqrt(b) r cos(p - t)."""
    t = math.acos(max(-1.0, min(1.0, c / math.sqrt(a * b))))
    low, high = t - math.pi / 2, math.pi / 2
    p = (high - low) / 2 * LEGENDRE[0] + (high + low) / 2
    w = (high - low) / 2 * LEGENDRE[1] / (2 * math.pi)
    return 2 * math.sqrt(a * b) * float(w @ (np.cos(p) * np.cos(p - t))), float(w.sum())


def erf(a, b, c):
    """The same for erf: u = sqrt(a) s, v = c / sqrt(a) s + sqrt(b - c^2 / a) q."""
    nodes, weights = HERMITE
    weights = weights / math.sqrt(2 * math.pi)
    u = math.sqrt(a) * nodes[:, None] + 0 * nodes[None, :]
    v = c / math.sqrt(a) * nodes[:, None] + math.sqrt(max(0.0, b - c * c / a)) * nodes[None, :]
    w = weights[:, None] * weights[None, :]

    def slope(x):
        return 2 / math.sqrt(math.pi) * np.exp(-x * x)

    return float((w * ERF(u) * ERF(v)).sum()), float((w * slope(u) * slope(v)).sum())


def kernels(x, y, phi, depth, weight, bias):
    """K and Theta of one pair in the parameterization z = h W / sqrt(fanIn) + b."""

    def first(p, q):
        return weight**2 * float(p @ q) / len(p) + bias**2

    a, b, c = first(x, x), first(y, y), first(x, y)
    theta = float(x @ y) / len(x) + 1
    for _ in range(depth):
        product, slopes = phi(a, b, c)
        theta = product + 1 + weight**2 * theta * slopes
        a, b, c = (
            weight**2 * phi(p, q, r)[0] + bias**2 for p, q, r in [(a, a, a), (b, b, b), (a, b, c)]
        )
    return c, theta


def main():
    rng = np.random.default_rng(4)
    x = rng.standard_normal((5, 7))
    y = np.vstack([rng.standard_normal((2, 7)), x[:1], -2 * x[1:2]])
    cases = []
    for name, phi in [("relu", relu), ("erf", erf)]:
        for depth, weight, bias in [(1, math.sqrt(2), 0.0), (2, 1.3, 0.4), (4, 0.9, 0.1)]:
            pairs = [[kernels(p, q, phi, depth, weight, bias) for q in y] for p in x]
            cases.append(
                {
                    "nonlinearity": name,
                    "hiddenLayers": depth,
                    "weightDeviation": weight,
                    "biasDeviation": bias,
                    "process": [k for row in pairs for k, _ in row],
                    "tangent": [t for row in pairs for _, t in row],
                }
            )
    json.dump(
        {
            "madeBy": f"NumPy {np.__version__}",
            "features": x.shape[1],
            "inputs": x.flatten().tolist(),
            "others": y.flatten().tolist(),
            "cases": cases,
        },
        sys.stdout,
        indent=1,
    )


main()
