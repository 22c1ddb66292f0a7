"""Records by NumPy in Float64 what the methods do that PyTorch does not have.

Run as: python reference.py > reference.json   (made with NumPy 2)

Each is written from its paper's formulas. The function is that of pytorch.py,
f(x) = sum_i c_i (x_i - t_i)^2 / 2 + cos(x_0 x_4); the test evaluates the same derivatives.
"""

import json

import numpy as np

START = np.array([1.0, -2.0, 0.5, 3.0, -0.25])
CURVATURE = np.array([1.0, 4.0, 0.5, 2.0, 0.1])
TARGET = np.array([0.3, 0.0, -1.0, 2.5, 1.0])
BLOCKS = [slice(0, 2), slice(2, 5)]
STEPS = 25
RATE = 0.1


def value(x):
    return 0.5 * (CURVATURE * (x - TARGET) ** 2).sum() + np.cos(x[0] * x[4])


def gradient(x):
    g = CURVATURE * (x - TARGET)
    g[0] -= np.sin(x[0] * x[4]) * x[4]
    g[4] -= np.sin(x[0] * x[4]) * x[0]
    return g


def hessian(x):
    h = np.diag(CURVATURE)
    s, c = np.sin(x[0] * x[4]), np.cos(x[0] * x[4])
    h[0, 0] -= c * x[4] ** 2
    h[4, 4] -= c * x[0] ** 2
    h[0, 4] -= s + c * x[0] * x[4]
    h[4, 0] = h[0, 4]
    return h


def term(x, i):
    """The gradient of f_i; f is the mean of f_0, ..., f_4."""
    g = np.zeros(5)
    g[i] = 5 * CURVATURE[i] * (x[i] - TARGET[i])
    g[0] -= np.sin(x[0] * x[4]) * x[4]
    g[4] -= np.sin(x[0] * x[4]) * x[0]
    return g


def record(step, steps=STEPS):
    """`step` is given the point, the step's number from 1 and a dictionary to remember things in."""
    x, memory, points = START.copy(), {}, []
    for k in range(1, steps + 1):
        x = step(x, k, memory)
        points.append(x.tolist())
    return points


def heavy_ball(x, k, m):
    new = x - RATE / k * gradient(x) + 0.9 * (x - m.get("last", x))
    m["last"] = x
    return new


def accelerated(x, k, m):
    """Records the points x(k); y is kept."""
    y = m.get("y", x)
    new = y - RATE * gradient(y)
    m["y"] = new + (k - 1) / (k + 2) * (new - m.get("x", x))
    m["x"] = new
    return new


def lars(x, k, m):
    g, new, decay = gradient(x), x.copy(), 0.05
    v = m.setdefault("v", np.zeros(5))
    for b in BLOCKS:
        size, slope = np.linalg.norm(x[b]), np.linalg.norm(g[b])
        local = 0.2 * size / (slope + decay * size)
        v[b] = 0.8 * v[b] + RATE * local * (g[b] + decay * x[b])
        new[b] = x[b] - v[b]
    return new


def lamb(x, k, m):
    g, new, decay = gradient(x), x.copy(), 0.05
    m["m"] = 0.8 * m.get("m", 0) + 0.2 * g
    m["v"] = 0.99 * m.get("v", 0) + 0.01 * g**2
    r = m["m"] / (1 - 0.8**k) / (np.sqrt(m["v"] / (1 - 0.99**k)) + 1e-6) + decay * x
    for b in BLOCKS:
        new[b] = x[b] - RATE * np.linalg.norm(x[b]) / np.linalg.norm(r[b]) * r[b]
    return new


def momentum(x, g, m):
    m["v"] = 0.9 * m.get("v", 0) + g
    return x - RATE * m["v"]


def sam(x, k, m):
    g = gradient(x)
    return momentum(x, gradient(x + 0.3 * g / np.linalg.norm(g)), m)


def asam(x, k, m):
    g, t = gradient(x), np.abs(x) + 0.01
    return momentum(x, gradient(x + 0.3 * t**2 * g / np.linalg.norm(t * g)), m)


def svrg(x, k, m):
    """Batches (k mod 5, 2 k mod 5), snapshots every 4 steps."""
    if (k - 1) % 4 == 0:
        m["s"], m["u"] = x.copy(), gradient(x)
    batch = [k % 5, 2 * k % 5]
    g = np.mean([term(x, i) - term(m["s"], i) for i in batch], axis=0) + m["u"]
    return momentum(x, g, m)


def entropy_sgd(x, k, m):
    """Records y; without noise. L = 5, a = 0.2, gamma = 0.5 growing by 1 %, alpha = 0.75, rate 1.5."""
    gamma = 0.5 * 1.01 ** ((k - 1) // 5)
    center, mean = m.setdefault("x", x), m.setdefault("m", x)
    y = x - 0.2 * (gradient(x) - gamma * (center - x))
    m["m"] = 0.25 * mean + 0.75 * y
    if k % 5 == 0:
        y = m["x"] = m["m"] = center - 1.5 * gamma * (center - m["m"])
    return y


def gradient_flow(x, k, m):
    a = gradient(x)
    b = gradient(x - 0.15 * a)
    c = gradient(x - 0.15 * b)
    return x - 0.3 * (a + 2 * b + 2 * c + gradient(x - 0.3 * c)) / 6


def polyak(x, k, m):
    g = gradient(x)
    return x - 0.5 * (value(x) + 2) / (g @ g) * g


def barzilai_borwein(is_short):
    def step(x, k, m):
        g, rate = gradient(x), RATE
        if k > 1:
            s, y = x - m["x"], g - m["g"]
            if s @ y > 0:
                rate = s @ y / (y @ y) if is_short else s @ s / (s @ y)
        m["x"], m["g"] = x, g
        return x - rate * g

    return step


def armijo(x, k, m):
    g, t = gradient(x), 1.0
    while value(x - t * g) > value(x) - 0.3 * t * (g @ g):
        t *= 0.6
    return x - t * g


def newton(x, k, m):
    return x - 0.7 * np.linalg.solve(hessian(x) + 0.4 * np.eye(5), gradient(x))


def saddle_free(x, k, m):
    w, q = np.linalg.eigh(hessian(x))
    return x - 0.7 * q @ (q.T @ gradient(x) / (np.abs(w) + 0.4))


def hessian_free(x, k, m):
    """With the exact solution of (C + lambda I) d = -g in place of conjugate gradients, C = diag(c)."""
    g, lam = gradient(x), m.get("lambda", 1.0)
    d = -g / (CURVATURE + lam)
    ratio = (value(x + d) - value(x)) / (g @ d + 0.5 * d @ (CURVATURE * d))
    m["lambda"] = lam * 2 / 3 if ratio > 0.75 else lam * 1.5 if ratio < 0.25 else lam
    t = 1.0
    while value(x + t * d) > value(x) + 0.01 * t * (g @ d):
        t *= 0.8
    return x + t * d


print(json.dumps({
    "heavy-ball": record(heavy_ball),
    "accelerated-gradient": record(accelerated),
    "lars": record(lars),
    "lamb": record(lamb),
    "sam": record(sam),
    "asam": record(asam),
    "svrg": record(svrg),
    "entropy-sgd": record(entropy_sgd),
    "gradient-flow": record(gradient_flow),
    "polyak": record(polyak, 12),
    "barzilai-borwein, long": record(barzilai_borwein(False)),
    "barzilai-borwein, short": record(barzilai_borwein(True)),
    "line-search": record(armijo, 15),
    "newton": record(newton, 15),
    "saddle-free-newton": record(saddle_free, 15),
    "hessian-free": record(hessian_free, 15),
}))
