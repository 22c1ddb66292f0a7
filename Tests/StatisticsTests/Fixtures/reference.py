"""Writes ReferenceValues.swift: what NumPy and SciPy answer to the questions of these tests.

Run in this folder: python3 reference.py > ../ReferenceValues.swift
"""
import numpy as np
import scipy
from scipy import special, stats

x = np.array([0.3, -1.2, 4.5, 2.2, 2.2, 9.1, -3.7, 0.05, 6.6, 1.4, 2.9])
y = np.array([1.1, -0.4, 3.9, 2.0, 3.1, 7.7, -3.7, 1.1, 4.2, 2.0, 2.0])
px = np.array([1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0])
py = np.array([0.9, 3.1, 4.9, 12.2, 20.4, 49.0, 88.0])


def show(v):
    return "[" + ", ".join(show(e) for e in v) + "]" if np.ndim(v) else repr(float(v))


line, loglog = stats.linregress(x, y), stats.linregress(np.log(px), np.log(py))
probabilities = [0, 0.025, 0.1, 0.25, 0.5, 0.77, 0.975, 1]
student = [(p, n) for p in (0.001, 0.3, 0.55, 0.975, 0.9995) for n in (1, 2, 5, 33, 1000)]
beta = [(v, a, b) for v in (0.001, 0.2, 0.5, 0.93) for a, b in ((0.5, 0.5), (2, 7.5), (40, 3), (300, 400))]
binomial = [(0, 7), (7, 7), (1, 5), (4, 5), (37, 200), (199, 200)]
values = {
    "x": x, "y": y, "powerX": px, "powerY": py,
    "mean": x.mean(), "standardDeviation": x.std(ddof=1), "standardError": stats.sem(x), "median": np.median(x),
    "probabilities": probabilities, "quantiles": np.quantile(x, probabilities),
    "ranks": stats.rankdata(y),
    "kendall": stats.kendalltau(x, y).statistic, "spearman": stats.spearmanr(x, y).statistic,
    "pearson": stats.pearsonr(x, y).statistic,
    "line": [line.slope, line.intercept, line.stderr, line.intercept_stderr, line.rvalue**2],
    "logLog": [loglog.slope, loglog.intercept, loglog.stderr, loglog.intercept_stderr, loglog.rvalue**2],
    "logLogReach": stats.t.ppf(0.975, len(px) - 2) * loglog.stderr,
    "student": [[p, n, stats.t.ppf(p, n)] for p, n in student],
    "incompleteBeta": [[v, a, b, special.betainc(a, b, v)] for v, a, b in beta],
    "proportions": [
        [k, n, *(lambda i: (i.low, i.high))(stats.binomtest(k, n).proportion_ci(0.95, "exact"))] for k, n in binomial
    ],
}
print(f"// Written by Fixtures/reference.py with NumPy {np.__version__} and SciPy {scipy.__version__}.\n")
print("enum Reference {")
for name, value in values.items():
    kind = "[" * np.ndim(value) + "Double" + "]" * np.ndim(value)
    if np.ndim(value) < 2:
        print(f"  static let {name}: {kind} = {show(value)}")
    else:
        print(f"  static let {name}: {kind} = [")
        for row in value:
            print(f"    {show(row)},")
        print("  ]")
print("}")
