"""Generates MNIST-1D with NumPy's own MT19937, normals, shuffle and interpolation, and records some of its rows.

Run as: python mnist1d.py > mnist1d.json   (made with NumPy 2.4.6)
"""

import json

import numpy as np

TEMPLATES = """
5 6 6.5 6.75 7 7 7 7 6.75 6.5 6 5
5 3 3 3.4 3.8 4.2 4.6 5 5.4 5.8 5 5
5 6 6.5 6.5 6 5.25 4.75 4 3.5 3.5 4 5
5 6 6.5 6.5 6 5 5 6 6.5 6.5 6 5
5 4.4 3.8 3.2 2.6 2.6 5 5 5 5 5 5
5 3 3 3 3 5 6 6.5 6.5 6 4.5 5
5 4 3.5 3.25 3 3 3 3 3.25 3.5 4 5
5 7 7 6.6 6.2 5.8 5.4 5 4.6 4.2 5 5
5 4 3.5 3.5 4 5 5 4 3.5 3.5 4 5
5 4 3.5 3.5 4 5 5 5 5 4.7 4.3 5
"""


def resample(x, count):
    return np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(x)), x)


def smooth(x):
    taps = np.exp(-0.5 * (np.arange(-8, 9) / 2.0) ** 2)
    return np.convolve(np.pad(x, 8, mode="symmetric"), taps / taps.sum(), mode="valid")


random = np.random.RandomState(42)
rows, labels = [], []
for label, line in enumerate(TEMPLATES.strip().splitlines()):
    template = np.array([float(word) for word in line.split()])
    template = (template - template.mean()) / template.std()
    template = (template - template[0]) / 6
    for _ in range(500):
        x = np.concatenate([template + 1e-8, np.zeros(36 + int(25 * random.rand()))])
        x = resample(x, 72)
        x = x * (1 + 0.4 * (random.rand() - 0.5))
        x = np.roll(x, random.randint(0, 48))
        noise = smooth(0.25 * random.randn(72))
        x = np.where(x != 0, x, noise)
        x = x + 0.02 * random.randn(72)
        x = x - 0.75 * (random.rand() - 0.5) * np.linspace(-0.5, 0.5, 72)
        rows.append(resample(x, 40))
        labels.append(label)
order = random.permutation(5000)
x = np.stack(rows)[order]
y = np.array(labels)[order]
x = (x - x.mean()) / x.std()
chosen = [0, 1, 3999, 4000, 4999]
print(json.dumps({"labels": y.tolist(), "rows": chosen, "inputs": [x[row].tolist() for row in chosen]}))
