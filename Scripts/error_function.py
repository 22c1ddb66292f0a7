"""Computes the polynomials of erf in Sources/Tensors: one for each number type on each side of 1. Needs mpmath.

Below 1, erf(x) = x p(x^2) with p interpolated at Chebyshev's points. Above, erf(x) = 1 - exp(-q(x - c)) with q fitted to
-log(1 - erf) by least squares, reweighted towards the smallest largest error; what counts is the error of erf, by which q is
weighed with (1 - erf) / erf, so that hardly anything is asked of it where 1 - erf vanishes.
"""

from mpmath import cos, erf, erfc, log, lu_solve, matrix, mp, mpf, nstr, pi, qr_solve, sqrt

mp.dps = 60


def chebyshev(count, low, high):
    return [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * k + 1) / (2 * count)) for k in range(count)]


def below(degree):
    places = chebyshev(degree + 1, mpf(0), mpf(1))
    powers = matrix([[z**k for k in range(degree + 1)] for z in places])
    return lu_solve(powers, matrix([erf(sqrt(z)) / sqrt(z) for z in places]))


def above(degree, high):
    places = chebyshev(8 * degree, mpf(1), mpf(high))
    centre = mpf(1)
    importance = [erfc(x) / erf(x) for x in places]
    weights = [mpf(1)] * len(places)
    for _ in range(12):
        scales = [a * sqrt(w) for a, w in zip(importance, weights)]
        powers = matrix([[s * (x - centre) ** k for k in range(degree + 1)] for s, x in zip(scales, places)])
        q = qr_solve(powers, matrix([-s * log(erfc(x)) for s, x in zip(scales, places)]))[0]
        errors = [
            abs(a * (sum(c * (x - centre) ** k for k, c in enumerate(q)) + log(erfc(x)))) for a, x in zip(importance, places)
        ]
        total = sum(w * e for w, e in zip(weights, errors))
        weights = [w * e / total * len(places) + mpf("1e-6") for w, e in zip(weights, errors)]
    return q, centre, max(errors)


for name, small, large, high in (("Float", 6, 7, 4), ("Double", 11, 18, 6)):
    print(name, "below 1:", *(nstr(c, 17) for c in below(small)))
    q, centre, error = above(large, high)
    print(f"{name} from 1 to {high}, about {nstr(centre, 3)}, error {nstr(error, 2)}:", *(nstr(c, 17) for c in q))
