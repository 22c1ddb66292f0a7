"""Values, gradients and Hessian-vector products of small networks, and parameter counts of the published ones, by PyTorch.

Run with PyTorch installed:  python make_architectures.py > architectures.json
Nothing but results is stored: parameters, inputs, labels and directions are formulas of their index that both sides
compute. Of long vectors every 31st element is kept, with the norm and the product with the direction.
Convolution weights are [height, width, inputs, units], dense ones [inputs, units], images [height, width, channels].
"""

import json
import sys

import torch
import torch.nn.functional as F
from torch import nn

torch.set_default_dtype(torch.float64)


class Parameters:
    """Takes tensors off a flat vector, in order."""

    def __init__(self, vector):
        self.vector, self.offset = vector, 0

    def take(self, *shape):
        count = 1
        for extent in shape:
            count *= extent
        self.offset += count
        return self.vector[self.offset - count : self.offset].reshape(shape)


def weight_norm(v, g):
    axes = tuple(range(v.dim() - 1))
    return g * v / v.square().sum(axes, keepdim=True).sqrt()


def conv(p, x, o, k=3, stride=1, padding=1, bias=False):
    w = p.take(k, k, x.shape[1], o).permute(3, 2, 0, 1)
    return F.conv2d(x, w, p.take(o) if bias else None, stride=stride, padding=padding)


def dense(p, x, o, bias=True, normed=False):
    w = p.take(x.shape[1], o)
    if normed:
        w = weight_norm(w, p.take(o))
    return x @ w + (p.take(o) if bias else 0)


def switchable(x, gamma, beta, a, b):
    flat = x.flatten(2)
    mi, vi = flat.mean(2, keepdim=True), flat.var(2, unbiased=False, keepdim=True)
    ml, vl = flat.mean((1, 2), keepdim=True), flat.var((1, 2), unbiased=False, keepdim=True)
    mb, vb = flat.mean((0, 2), keepdim=True), flat.var((0, 2), unbiased=False, keepdim=True)
    w, u = torch.softmax(a, 0), torch.softmax(b, 0)
    mean = w[0] * mi + w[1] * ml + w[2] * mb
    var = u[0] * vi + u[1] * vl + u[2] * vb
    y = (flat - mean) / (var + 1e-5).sqrt()
    return (y * gamma[:, None] + beta[:, None]).reshape(x.shape)


def norm(p, x, kind):
    c = x.shape[1]
    if kind == "none":
        return x
    gamma, beta = p.take(c), p.take(c)
    if kind == "batch":
        return F.batch_norm(x, None, None, gamma, beta, training=True)
    if kind == "layer":
        return F.group_norm(x, 1, gamma, beta)
    if kind == "group":
        return F.group_norm(x, 2, gamma, beta)
    if kind == "instance":
        return F.instance_norm(x, weight=gamma, bias=beta)
    return switchable(x, gamma, beta, p.take(3), p.take(3))


def flat(x):
    return x.permute(0, 2, 3, 1).flatten(1)


def resnet(p, x, kind, width, depth=8, projection=False, skips=True):
    bias = kind == "none"

    def unit(x, o, stride=1, k=3):
        return norm(p, conv(p, x, o, k, stride, k // 2, bias), kind)

    x = F.relu(unit(x, width))
    for stage in range(3):
        o = width << stage
        for block in range((depth - 2) // 6):
            stride = 2 if stage > 0 and block == 0 else 1
            y = unit(F.relu(unit(x, o, stride)), o)
            if skips:
                if x.shape[1] == o and stride == 1:
                    y = y + x
                elif projection:
                    y = y + unit(x, o, stride, 1)
                else:
                    y = y + F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, o - x.shape[1]))
            x = F.relu(y)
    return dense(p, x.mean((2, 3)), 10)


def fixup(p, x, width):
    x = F.relu(conv(p, x, width) + p.take(1))
    for stage in range(3):
        o = width << stage
        stride = 2 if stage else 1
        y = F.relu(conv(p, x + p.take(1), o, stride=stride) + p.take(1))
        y = conv(p, y + p.take(1), o) * p.take(1) + p.take(1)
        x = F.relu(y + F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, o - x.shape[1])))
    return dense(p, x.mean((2, 3)) + p.take(1), 10)


def lenet5(p, x):
    x = F.avg_pool2d(torch.tanh(conv(p, x, 3, 5, padding=2, bias=True)), 2)
    x = F.avg_pool2d(torch.tanh(conv(p, x, 8, 5, padding=0, bias=True)), 2)
    return dense(p, torch.tanh(dense(p, torch.tanh(dense(p, flat(x), 60)), 42)), 10)


def conv2(p, x, kind):
    bias = kind == "none"
    for _ in range(2):
        x = F.relu(norm(p, conv(p, x, 4, bias=bias), kind))
    x = flat(F.max_pool2d(x, 2))
    for _ in range(2):
        x = F.relu(norm(p, dense(p, x, 16, bias), kind))
    return dense(p, x, 10)


def vgg(p, x, kind):
    for stage in range(2):
        if stage:
            x = F.max_pool2d(x, 2)
        for _ in range(2):
            x = F.softplus(norm(p, conv(p, x, 4 << stage), kind))
    return dense(p, x.mean((2, 3)), 10)


def mlp(p, x, kind):
    x = x.flatten(1)
    for units in (7, 5):
        x = torch.tanh(norm(p, dense(p, x, units, kind == "none"), kind))
    return dense(p, x, 10)


def mlp_weight_norm(p, x):
    x = x.flatten(1)
    for units in (7, 5):
        x = torch.tanh(dense(p, x, units, normed=True))
    return dense(p, x, 10, normed=True)


def elman(p, x):
    w, u, b = p.take(x.shape[2], 9), p.take(9, 9), p.take(9)
    h = torch.zeros(x.shape[0], 9)
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ w + h @ u + b)
    return dense(p, h, 10)


IMAGE = [9, 7, 3]
CASES = {
    "resnet-batch": (IMAGE, lambda p, x: resnet(p, x, "batch", 3)),
    "resnet-batch-projection": (IMAGE, lambda p, x: resnet(p, x, "batch", 3, projection=True)),
    "resnet-batch-plain": (IMAGE, lambda p, x: resnet(p, x, "batch", 3, skips=False)),
    "resnet-group": (IMAGE, lambda p, x: resnet(p, x, "group", 4)),
    "resnet-none": (IMAGE, lambda p, x: resnet(p, x, "none", 3)),
    "resnet-switchable": (IMAGE, lambda p, x: resnet(p, x, "switchable", 3)),
    "resnet-fixup": (IMAGE, lambda p, x: fixup(p, x, 3)),
    "lenet-5": ([13, 12, 1], lenet5),
    "conv-none": (IMAGE, lambda p, x: conv2(p, x, "none")),
    "conv-layer": (IMAGE, lambda p, x: conv2(p, x, "layer")),
    "vgg-small-instance": (IMAGE, lambda p, x: vgg(p, x, "instance")),
    "vgg-small-batch": (IMAGE, lambda p, x: vgg(p, x, "batch")),
    "mlp-batch": ([6], lambda p, x: mlp(p, x, "batch")),
    "mlp-layer": ([6], lambda p, x: mlp(p, x, "layer")),
    "mlp-weight-normalized": ([6], mlp_weight_norm),
    "elman": ([5, 2], elman),
}


def sequence(count, factor, phase):
    return torch.sin(factor * torch.arange(count) + phase)


def record(shape, network):
    n = 6
    size = 1
    for extent in shape:
        size *= extent
    x = sequence(n * size, 0.37, 0.2).reshape([n] + shape)
    if len(shape) == 3:
        x = x.permute(0, 3, 1, 2)
    labels = torch.arange(n) * 3 % 10
    probe = Parameters(torch.zeros(1_000_000))
    network(probe, x)
    theta = 0.3 * sequence(probe.offset, 1.7, 0.3) + 0.05
    v = sequence(probe.offset, 0.61, 1.1)

    def loss(theta):
        return F.cross_entropy(network(Parameters(theta), x), labels)

    value, product = torch.autograd.functional.hvp(loss, theta, v)
    gradient = torch.autograd.functional.jacobian(loss, theta)

    def short(vector):
        return {
            "norm": vector.norm().item(),
            "product": (vector @ v).item(),
            "elements": vector[::31].tolist(),
        }

    return {
        "count": probe.offset,
        "value": value.item(),
        "gradient": short(gradient),
        "hessianVectorProduct": short(product),
    }


class Block(nn.Module):
    def __init__(self, i, o, stride, projection):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(i, o, 3, stride, 1, bias=False),
            nn.BatchNorm2d(o),
            nn.ReLU(),
            nn.Conv2d(o, o, 3, 1, 1, bias=False),
            nn.BatchNorm2d(o),
        )
        if projection and (stride > 1 or i != o):
            self.shortcut = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))


def count(module):
    return sum(p.numel() for p in module.parameters())


def resnet_count(depth, projection=False):
    parts = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.Linear(64, 10)]
    i = 16
    for stage in range(3):
        for block in range((depth - 2) // 6):
            o = 16 << stage
            parts.append(Block(i, o, 2 if stage and not block else 1, projection))
            i = o
    return count(nn.ModuleList(parts))


def conv_count(pairs):
    parts, i, side = [], 3, 32
    for pair in range(pairs):
        o = 64 << pair
        parts += [nn.Conv2d(i, o, 3, padding=1), nn.Conv2d(o, o, 3, padding=1)]
        i, side = o, side // 2
    parts += [nn.Linear(i * side * side, 256), nn.Linear(256, 256), nn.Linear(256, 10)]
    return count(nn.ModuleList(parts))


COUNTS = {
    "lenet-300-100": count(nn.ModuleList([nn.Linear(784, 300), nn.Linear(300, 100), nn.Linear(100, 10)])),
    "lenet-5": count(
        nn.ModuleList(
            [nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5), nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)]
        )
    ),
    "conv-2": conv_count(1),
    "conv-4": conv_count(2),
    "conv-6": conv_count(3),
    "resnet-8": resnet_count(8),
    "resnet-20": resnet_count(20),
    "resnet-20-projection": resnet_count(20, True),
    "resnet-32": resnet_count(32),
    "resnet-44": resnet_count(44),
}

json.dump(
    {
        "madeBy": f"PyTorch {torch.__version__}",
        "counts": COUNTS,
        "cases": {name: record(*case) for name, case in CASES.items()},
    },
    sys.stdout,
    indent=1,
)
