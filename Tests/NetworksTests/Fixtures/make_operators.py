"""Jacobian, Gauss-Newton and Fisher products, example gradients and tangent kernels of a small perceptron.

By PyTorch's torch.func in Float64; the kernels by jax.jacrev.
Run with both installed:  python make_operators.py > operators.json
Weights are stored as [inputs, outputs], block after block: weight, bias, weight, bias, ...
"""

import json
import sys

import jax
import jax.numpy as jnp
import torch
from torch.func import grad, hessian, jvp, vjp, vmap

jax.config.update("jax_enable_x64", True)

WIDTHS = [5, 6, 3]
EXAMPLES = 7
OTHERS = 4


def network(theta, x, tanh=torch.tanh):
    offset = 0
    for layer, (inputs, outputs) in enumerate(zip(WIDTHS, WIDTHS[1:])):
        weight = theta[offset : offset + inputs * outputs].reshape(inputs, outputs)
        offset += inputs * outputs
        bias = theta[offset : offset + outputs]
        offset += outputs
        x = x @ weight + bias
        if layer < len(WIDTHS) - 2:
            x = tanh(x)
    return x


def cross_entropy(z, y):
    return torch.nn.functional.cross_entropy(z, y, reduction="none")


def mean_squared_error(z, y):
    target = (torch.arange(z.shape[-1]) == y.unsqueeze(-1)).to(z.dtype)
    return ((z - target) ** 2).mean(-1)


def main():
    torch.manual_seed(33)
    count = sum(i * o + o for i, o in zip(WIDTHS, WIDTHS[1:]))
    theta = 0.7 * torch.randn(count, dtype=torch.float64)
    x = torch.randn(EXAMPLES, WIDTHS[0], dtype=torch.float64)
    others = torch.randn(OTHERS, WIDTHS[0], dtype=torch.float64)
    labels = torch.randint(WIDTHS[-1], (EXAMPLES,))
    v = torch.randn(count, dtype=torch.float64)
    u = torch.randn(EXAMPLES, WIDTHS[-1], dtype=torch.float64)

    def outputs(parameters):
        return network(parameters, x)

    z, tangents = jvp(outputs, (theta,), (v,))
    pull = vjp(outputs, theta)[1]
    cases = {}
    for name, loss in {"cross-entropy": cross_entropy, "mean-squared-error": mean_squared_error}.items():
        curvature = vmap(hessian(loss))(z, labels)
        gradients = vmap(grad(lambda p, a, y: loss(network(p, a), y)), (None, 0, 0))(theta, x, labels)
        weighted = torch.einsum("nij,nj->ni", curvature, tangents) / EXAMPLES
        cases[name] = {
            "hessianVectorProduct": (hessian(lambda p: loss(outputs(p), labels).mean())(theta) @ v).tolist(),
            "gaussNewtonProduct": pull(weighted)[0].tolist(),
            "empiricalFisherProduct": (gradients.T @ (gradients @ v) / EXAMPLES).tolist(),
            "exampleGradients": gradients.flatten().tolist(),
        }

    def rows(inputs):
        by_output = jax.jacrev(lambda p: network(p, jnp.array(inputs.numpy()), jnp.tanh))(jnp.array(theta.numpy()))
        return by_output.reshape(-1, count)

    kernel = rows(x) @ rows(x).T
    cross = rows(x) @ rows(others).T
    json.dump(
        {
            "madeBy": f"PyTorch {torch.__version__}, JAX {jax.__version__}",
            "widths": WIDTHS,
            "parameters": theta.tolist(),
            "features": x.flatten().tolist(),
            "others": others.flatten().tolist(),
            "labels": labels.tolist(),
            "direction": v.tolist(),
            "cotangents": u.flatten().tolist(),
            "jacobianProduct": tangents.flatten().tolist(),
            "transposedJacobianProduct": pull(u)[0].tolist(),
            "kernel": kernel.flatten().tolist(),
            "crossKernel": cross.flatten().tolist(),
            "cases": cases,
        },
        sys.stdout,
    )


main()
