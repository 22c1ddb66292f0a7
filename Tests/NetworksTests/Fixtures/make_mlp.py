"""Loss, gradient, Hessian-vector product and Hessian spectrum of small perceptrons, by PyTorch in Float64.

Run with PyTorch installed:  python make_mlp.py > mlp.json
Weights are stored as [inputs, outputs], block after block: weight, bias, weight, bias, ...
"""

import json
import sys

import torch

WIDTHS = [5, 7, 6, 4]
EXAMPLES = 11
ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": torch.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "gelu": torch.nn.functional.gelu,
    "softplus": torch.nn.functional.softplus,
    "erf": torch.erf,
}
LOSSES = {
    "cross-entropy": torch.nn.functional.cross_entropy,
    "mean-squared-error": lambda out, y: torch.nn.functional.mse_loss(
        out, torch.nn.functional.one_hot(y, out.shape[1]).to(out.dtype)
    ),
}


def network(theta, x, activation):
    offset = 0
    for layer, (inputs, outputs) in enumerate(zip(WIDTHS, WIDTHS[1:])):
        weight = theta[offset : offset + inputs * outputs].reshape(inputs, outputs)
        offset += inputs * outputs
        bias = theta[offset : offset + outputs]
        offset += outputs
        x = x @ weight + bias
        if layer < len(WIDTHS) - 2:
            x = activation(x)
    return x


def main():
    torch.manual_seed(20)
    count = sum(i * o + o for i, o in zip(WIDTHS, WIDTHS[1:]))
    theta = 0.6 * torch.randn(count, dtype=torch.float64)
    x = torch.randn(EXAMPLES, WIDTHS[0], dtype=torch.float64)
    labels = torch.randint(WIDTHS[-1], (EXAMPLES,))
    v = torch.randn(count, dtype=torch.float64)
    cases = []
    for activation_name, activation in ACTIVATIONS.items():
        for loss_name, loss in LOSSES.items():

            def f(parameters):
                return loss(network(parameters, x, activation), labels)

            value, product = torch.autograd.functional.hvp(f, theta, v)
            gradient = torch.autograd.functional.jacobian(f, theta)
            hessian = torch.autograd.functional.hessian(f, theta)
            cases.append(
                {
                    "activation": activation_name,
                    "loss": loss_name,
                    "value": value.item(),
                    "gradient": gradient.tolist(),
                    "hessianVectorProduct": product.tolist(),
                    "eigenvalues": torch.linalg.eigvalsh(hessian).tolist(),
                }
            )
    json.dump(
        {
            "madeBy": f"PyTorch {torch.__version__}",
            "widths": WIDTHS,
            "parameters": theta.tolist(),
            "features": x.flatten().tolist(),
            "labels": labels.tolist(),
            "direction": v.tolist(),
            "cases": cases,
        },
        sys.stdout,
        indent=1,
    )


main()
