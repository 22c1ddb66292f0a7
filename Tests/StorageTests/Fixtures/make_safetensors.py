"""Writes sample.safetensors by the format's own library: every type that is read, odd names, a scalar, an empty array.

Made with safetensors 0.8.0 and torch 2.15.0:  python make_safetensors.py sample.safetensors
"""

import sys

import torch
from safetensors.torch import save_file

half = [0.0, -0.0, 1 / 3, 65504.0, 2**-24, -1023 * 2**-24, float("inf"), float("-inf"), float("nan"), -1.5]
save_file(
    {
        "dense1/weight": torch.tensor([[1.0, -2.5, 3e38], [0.0, -0.0, 1 / 3]], dtype=torch.float32),
        "double": torch.tensor([1 / 3, -5e-324, float("inf")], dtype=torch.float64),
        "half": torch.tensor(half, dtype=torch.float16).reshape(5, 2),
        "brain": torch.tensor([1.0, -3.140625, 3e38, 1e-40], dtype=torch.bfloat16),
        "integer": torch.tensor([-(2**63), 0, 2**63 - 1], dtype=torch.int64),
        "byte": torch.tensor([0, 255, 7], dtype=torch.uint8),
        "truth": torch.tensor([True, False]),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 4),
        'Grüße "\\\n\t🏔': torch.tensor([1.0]),
    },
    sys.argv[1],
    metadata={"layout": "landscape", "Größe": 'a"b\\c\n'},
)
