"""Reads the safetensors file that InteroperabilityTests.swift writes, by the format's own library.

The expected numbers are written out here, not read from Swift.
"""

import sys

import numpy as np
from safetensors import safe_open

with safe_open(f"{sys.argv[1]}/sample.safetensors", framework="np") as file:
    assert file.metadata() == {"layout": "landscape", "Grüße": 'a"b\\c\n\x01'}, file.metadata()
    expected = {
        "dense1/weight": np.arange(6, dtype="f4").reshape(2, 3),
        "double": np.array([1 / 3, -np.inf]),
        "step": np.array([-(2**63), 2**63 - 1]),
        "mask": np.array([1, 0, 1], dtype="u1"),
        "scalar": np.float32(0.5),
        "empty": np.zeros((0, 4), dtype="f4"),
        '"🏔"\n': np.array([-0.0], dtype="f4"),
    }
    assert set(file.keys()) == set(expected), list(file.keys())
    for name, value in expected.items():
        tensor = file.get_tensor(name)
        value = np.asarray(value)
        assert (tensor.dtype, tensor.shape) == (value.dtype, value.shape), name
        assert tensor.tobytes() == value.tobytes(), name

print("safetensors: the format's own library agrees")
