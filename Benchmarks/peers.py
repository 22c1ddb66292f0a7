"""What PyTorch and JAX need for the workloads of `landscape bench`, each done the way their manuals recommend.

    python peers.py PEER WORKLOAD

makes a workload ready, prints the network's number of parameters, and then for each line read times one sample and prints
the seconds of a unit, as `landscape bench --serve` does. `compare.py` runs both in turn.
"""

import os
import sys
import time

# One thread each, before the libraries start theirs.
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"

MLP = (64, 64, 64, 10)
LENET300 = (784, 300, 100, 10)
MLP1024 = (784, 1024, 1024, 10)
RATE, MOMENTUM = 1e-4, 0.9

# Name, kind, widths and sizes, as in Workloads.swift.
WORKLOADS = {
    "mlp-step": ("step", dict(network=MLP, batch=32)),
    "lenet300-step": ("step", dict(network=LENET300, batch=60)),
    "mlp1024-step": ("step", dict(network=MLP1024, batch=128)),
    "lenet5-step": ("step", dict(network="lenet5", batch=64)),
    "conv2-step": ("step", dict(network="conv2", batch=60)),
    "resnet20-step": ("step", dict(network="resnet20", batch=128)),
    "mlp-hvp": ("product", dict(network=MLP, rows=1437)),
    "lenet300-hvp": ("product", dict(network=LENET300, rows=1000)),
    "resnet20-hvp": ("product", dict(network="resnet20", rows=128)),
    "lenet300-density": ("density", dict(network=LENET300, rows=10_000, steps=100)),
    "lenet300-plane": ("plane", dict(network=LENET300, rows=10_000, points=5)),
}


class PyTorch:
    """Eager PyTorch."""

    @staticmethod
    def can(kind, network):
        return True

    def __init__(self):
        import torch

        torch.set_num_threads(1)
        torch.manual_seed(1)
        self.torch = torch
        self.loss = torch.nn.CrossEntropyLoss()

    def model(self, network, activation):
        """Perceptrons by their widths; networks of images in the memory format that suits the processor."""
        nn = self.torch.nn
        if network == "lenet5":
            model = nn.Sequential(
                nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.AvgPool2d(2),
                nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
        elif network == "conv2":
            model = nn.Sequential(
                nn.Conv2d(1, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                nn.Flatten(), nn.Linear(12544, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10))
        elif network == "resnet20":
            model = self.residual(3)
        else:
            layers = []
            for inputs, outputs in zip(network, network[1:]):
                layers += [nn.Linear(inputs, outputs), activation()]
            model = nn.Sequential(*layers[:-1])
        if isinstance(network, str):
            model = model.to(memory_format=self.torch.channels_last)
        self.parameters = list(model.parameters())
        return model

    def residual(self, blocks):
        """ResNet of depth 6 blocks + 2 with batch normalization and padded shortcuts."""
        nn, functional = self.torch.nn, self.torch.nn.functional

        class Block(nn.Module):
            def __init__(self, inputs, outputs, stride):
                super().__init__()
                self.body = nn.Sequential(
                    nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
                    nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
                self.stride, self.added = stride, outputs - inputs

            def forward(self, x):
                y = self.body(x)
                if self.added:
                    x = functional.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, 0, self.added))
                return functional.relu(x + y)

        layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
        channels = 16
        for stage, outputs in enumerate((16, 32, 64)):
            for block in range(blocks):
                layers.append(Block(channels, outputs, 2 if stage and not block else 1))
                channels = outputs
        return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))

    def examples(self, network, rows):
        torch = self.torch
        shape = {"lenet5": (1, 28, 28), "conv2": (1, 28, 28), "resnet20": (3, 32, 32)}.get(network) or network[:1]
        x = torch.randn(rows, *shape)
        return x.to(memory_format=torch.channels_last) if len(shape) == 3 else x, torch.randint(10, (rows,))

    def step(self, network, batch):
        """Batches by index out of an epoch's permutation, the fused optimizer."""
        torch = self.torch
        model = self.model(network, torch.nn.ReLU)
        x, labels = self.examples(network, 20 * batch)
        optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM, fused=True)

        def batches():
            while True:
                yield from torch.randperm(20 * batch).split(batch)

        chosen = batches()

        def unit():
            indices = next(chosen)
            optimizer.zero_grad()
            self.loss(model(x[indices]), labels[indices]).backward()
            optimizer.step()

        return unit

    def product(self, network, rows):
        """The gradient's graph is built once and kept; a product is one backward pass through it."""
        torch = self.torch
        model = self.model(network, torch.nn.Tanh)  # of a perceptron
        x, labels = self.examples(network, rows)
        gradient = torch.autograd.grad(self.loss(model(x), labels), self.parameters, create_graph=True)
        direction = [torch.randn_like(p) for p in self.parameters]
        return lambda: torch.autograd.grad(gradient, self.parameters, grad_outputs=direction, retain_graph=True)

    def density(self, network, rows, steps):
        """The way of PyHessian (Yao et al. 2020), whose own call no longer runs: for each Lanczos step a product over the
        whole set, batch by batch with the graph built anew, and orthogonalization against every vector before."""
        torch = self.torch
        model = self.model(network, torch.nn.Tanh)
        x, labels = self.examples(network, rows)
        batches = list(zip(x.split(1000), labels.split(1000)))

        def inner(a, b):
            return sum((x * y).sum() for x, y in zip(a, b))

        def product(direction):
            total = [torch.zeros_like(p) for p in self.parameters]
            for inputs, targets in batches:
                gradient = torch.autograd.grad(self.loss(model(inputs), targets), self.parameters, create_graph=True)
                part = torch.autograd.grad(gradient, self.parameters, grad_outputs=direction)
                total = [t + p * len(targets) / rows for t, p in zip(total, part)]
            return total

        def unit():
            vector = [torch.randint_like(p, 2) * 2 - 1 for p in self.parameters]
            basis, diagonal, beside = [], [], []
            for _ in range(steps):
                length = inner(vector, vector).sqrt()
                vector = [v / length for v in vector]
                basis.append(vector)
                beside.append(length.item())
                vector = product(vector)
                diagonal.append(inner(vector, basis[-1]).item())
                for earlier in basis:
                    share = inner(vector, earlier)
                    vector = [v - share * e for v, e in zip(vector, earlier)]
            off = torch.tensor(beside[1:])
            values, vectors = torch.linalg.eigh(torch.diag(torch.tensor(diagonal)) + torch.diag(off, 1) + torch.diag(off, -1))
            return values, vectors[0] ** 2

        return unit

    def plane(self, network, rows, points):
        """The whole set at once, without a graph."""
        torch = self.torch
        model = self.model(network, torch.nn.Tanh)
        x, labels = self.examples(network, rows)
        u, v = ([torch.randn_like(p) for p in self.parameters] for _ in range(2))
        origin = [p.detach().clone() for p in self.parameters]

        def unit():
            with torch.no_grad():
                for point in range(points):
                    beta = point / (points - 1)
                    for p, o, a, b in zip(self.parameters, origin, u, v):
                        p.copy_(o).add_(a, alpha=0.5).add_(b, alpha=beta)
                    self.loss(model(x), labels).item()

        return unit

    def count(self):
        return sum(p.numel() for p in self.parameters)


class JAX:
    """JAX, compiled."""

    @staticmethod
    def can(kind, network):
        """Perceptrons; convolutions on processors are not what XLA is made for."""
        return kind != "density" and not isinstance(network, str)

    def __init__(self):
        import jax

        self.jax, self.numpy, self.key = jax, jax.numpy, jax.random.key(1)

    def setting(self, widths, rows, activation):
        jax, jnp = self.jax, self.numpy
        keys = jax.random.split(self.key, len(widths) + 1)
        self.parameters = [
            (jax.random.normal(key, (a, b)) * (2 / a) ** 0.5, jnp.zeros(b)) for key, a, b in zip(keys, widths, widths[1:])
        ]
        x = jax.random.normal(keys[-1], (rows, widths[0]))
        labels = jax.random.randint(keys[-2], (rows,), 0, widths[-1])

        def loss(parameters, x, labels):
            for weight, bias in parameters[:-1]:
                x = activation(x @ weight + bias)
            weight, bias = parameters[-1]
            logs = jax.nn.log_softmax(x @ weight + bias)
            return -jnp.take_along_axis(logs, labels[:, None], 1).mean()

        return loss, x, labels

    def step(self, network, batch):
        """Parameters, velocity, the epoch's order and the place in it are donated, so that a call moves no data."""
        jax, jnp = self.jax, self.numpy
        rows = 20 * batch
        loss, x, labels = self.setting(network, rows, jax.nn.relu)

        def update(parameters, velocity, order, place):
            chosen = jax.lax.dynamic_slice(order, (place * batch,), (batch,))
            gradient = jax.grad(loss)(parameters, x[chosen], labels[chosen])
            velocity = jax.tree.map(lambda v, g: MOMENTUM * v + g, velocity, gradient)
            parameters = jax.tree.map(lambda p, v: p - RATE * v, parameters, velocity)
            return parameters, velocity, order, (place + 1) % 20

        update = jax.jit(update, donate_argnums=(0, 1, 2, 3))
        shuffle = jax.jit(lambda key: jax.random.permutation(key, rows))
        copies = jax.tree.map(jnp.copy, self.parameters)
        self.state = (copies, jax.tree.map(jnp.zeros_like, copies), shuffle(self.key), jnp.int32(0))
        self.steps = 0

        def unit():
            parameters, velocity, order, place = self.state
            if self.steps % 20 == 0:
                order = shuffle(jax.random.fold_in(self.key, self.steps))
            self.steps += 1
            self.state = update(parameters, velocity, order, place)
            return self.state

        return unit

    def product(self, network, rows):
        """Forward over reverse, compiled as one function of the point and the direction."""
        jax = self.jax
        loss, x, labels = self.setting(network, rows, self.numpy.tanh)
        gradient = jax.grad(lambda p: loss(p, x, labels))
        product = jax.jit(lambda p, direction: jax.jvp(gradient, (p,), (direction,))[1])
        return lambda: product(self.parameters, self.parameters)

    def plane(self, network, rows, points):
        """The whole set at once; the point is formed in the compiled function."""
        jax = self.jax
        loss, x, labels = self.setting(network, rows, self.numpy.tanh)
        u, v = (jax.tree.map(lambda p: jax.random.normal(key, p.shape), self.parameters) for key in jax.random.split(self.key))

        @jax.jit
        def value(alpha, beta):
            return loss(jax.tree.map(lambda p, a, b: p + alpha * a + beta * b, self.parameters, u, v), x, labels)

        return lambda: [value(0.5, point / (points - 1)).item() for point in range(points)]

    def count(self):
        return sum(p.size for p in self.jax.tree.leaves(self.parameters))


class LinearizedJAX(JAX):
    """JAX with the Hessian linearized at the point, so that what does not depend on the direction is computed once."""

    @staticmethod
    def can(kind, network):
        return kind == "product" and not isinstance(network, str)

    def product(self, network, rows):
        jax = self.jax
        loss, x, labels = self.setting(network, rows, self.numpy.tanh)
        product = jax.jit(jax.linearize(jax.grad(lambda p: loss(p, x, labels)), self.parameters)[1])
        return lambda: product(self.parameters)


PEERS = {"PyTorch": PyTorch, "JAX": JAX, "JAX linearized": LinearizedJAX}


def measure(unit, finish, repeats):
    """Seconds of a unit; `finish` waits for results that a library computes behind the caller's back."""
    start = time.perf_counter()
    for _ in range(repeats):
        result = unit()
    finish(result)
    return (time.perf_counter() - start) / repeats


def main(name, workload):
    kind, sizes = WORKLOADS[workload]
    if not PEERS[name].can(kind, sizes["network"]):
        sys.exit(f"peers: error: {name} has no workload {workload}.")
    peer = PEERS[name]()
    unit = getattr(peer, kind)(**sizes)
    finish = peer.jax.block_until_ready if isinstance(peer, JAX) else lambda result: None
    repeats = 1
    if measure(unit, finish, 1) < 5:  # the first one compiles
        while measure(unit, finish, repeats) * repeats < 0.05:
            repeats *= 2
    print(peer.count(), flush=True)
    for _ in sys.stdin:
        print(measure(unit, finish, repeats), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
