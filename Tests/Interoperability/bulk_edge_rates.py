"""How often the rule of Curvature.BulkEdge counts planted outliers right: the rates in its documentation.

A reading of the rule in NumPy, independent of the Swift one.  Run:  OPENBLAS_NUM_THREADS=1 python bulk_edge_rates.py
"""

import numpy as np

WINDOW = 20
LEAST_SCORE = 5.0
FLOOR = 1e-6


def outliers(values):
    values = np.sort(values[values > 0])[::-1]
    values = values[values >= FLOOR * values[0]]
    if len(values) < WINDOW + 2:
        return None
    gaps = np.log(values[:-1] / values[1:])
    weights = np.arange(1, WINDOW + 1)
    best_count, best_score = 0, 0.0
    for count in range(1, len(gaps) - WINDOW + 1):
        below = (weights * gaps[count : count + WINDOW]).sum() / weights.sum()
        score = gaps[count - 1] / below if below > 0 else (np.inf if gaps[count - 1] > 0 else 0.0)
        if score > best_score:
            best_count, best_score = count, score
    return best_count if best_score > LEAST_SCORE else 0


def wishart(rng):
    a = rng.normal(size=(400, 600))
    return np.linalg.eigvalsh(a @ a.T / 600)


def wigner(rng):
    a = rng.normal(size=(400, 400))
    return np.linalg.eigvalsh((a + a.T) / 40)


BULKS = {
    "Wishart": (wishart, 60),
    "Wigner": (wigner, 60),
    "exponential": (lambda rng: rng.exponential(size=1000), 1000),
    "geometric": (lambda rng: 10 ** (-4 * rng.random(1000)), 1000),
    "log-normal": (lambda rng: np.exp(rng.normal(size=1000)), 1000),
    "power law, exponent 2": (lambda rng: rng.pareto(2, size=1000) + 1, 1000),
}


def main():
    rng = np.random.default_rng(1)
    for name, (draw, trials) in BULKS.items():
        none = sum(outliers(np.sort(draw(rng))[::-1][:50]) == 0 for _ in range(trials))
        print(f"{name}: no outliers, none counted: {none / trials:.0%}")
        for distance in (1.5, 2, 3):
            for planted in (3, 10, 20):
                right = 0
                for _ in range(trials):
                    bulk = np.sort(draw(rng))[::-1]
                    high = bulk[0] * distance * 10 ** rng.random(planted)
                    high[np.argmin(high)] = bulk[0] * distance
                    counted = outliers(np.concatenate([high, bulk])[:50])
                    right += counted is not None and abs(counted - planted) <= 2
                print(f"  {planted} from {distance} times the edge: {right / trials:.0%} within 2", flush=True)


main()
