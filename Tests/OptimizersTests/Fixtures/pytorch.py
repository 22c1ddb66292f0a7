"""Records what PyTorch's optimizers and schedules do in Float64 on a small function.

Run as: python pytorch.py > pytorch.json   (made with PyTorch 2.15.0)

The function is f(x) = sum_i c_i (x_i - t_i)^2 / 2 + cos(x_0 x_4); the test evaluates the same gradient.
"""

import json

import torch

torch.set_default_dtype(torch.float64)
START = [1.0, -2.0, 0.5, 3.0, -0.25]
CURVATURE = torch.tensor([1.0, 4.0, 0.5, 2.0, 0.1])
TARGET = torch.tensor([0.3, 0.0, -1.0, 2.5, 1.0])
STEPS = 25


def loss(x):
    return 0.5 * (CURVATURE * (x - TARGET) ** 2).sum() + torch.cos(x[0] * x[4])


def trajectory(make, clip=None):
    x = torch.tensor(START, requires_grad=True)
    optimizer = make([x])
    points = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(x).backward()
        if clip:
            clip([x])
        optimizer.step()
        points.append(x.detach().tolist())
    return points


def scale_to(parameters, bound):
    """What clip_grad_norm_ does, without the 1e-6 that it adds to the norm."""
    norm = torch.nn.utils.get_total_norm([p.grad for p in parameters])
    torch.nn.utils.clip_grads_with_norm_(parameters, bound, norm - 1e-6)


def rates(make, steps=40):
    x = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=0.3)
    schedule = make(optimizer)
    values = []
    for _ in range(steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return values


SGD, ADAM, ADAMW = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
S = torch.optim.lr_scheduler
U = torch.nn.utils
print(json.dumps({
    "trajectories": {
        "gradientDescent": trajectory(lambda p: SGD(p, lr=0.1)),
        "gradientDescent, L2": trajectory(lambda p: SGD(p, lr=0.1, weight_decay=0.05)),
        "momentum": trajectory(lambda p: SGD(p, lr=0.1, momentum=0.9)),
        "momentum, L2": trajectory(lambda p: SGD(p, lr=0.1, momentum=0.9, weight_decay=0.05)),
        "nesterov": trajectory(lambda p: SGD(p, lr=0.1, momentum=0.8, nesterov=True)),
        "nesterov, L2": trajectory(lambda p: SGD(p, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.05)),
        "adam": trajectory(lambda p: ADAM(p, lr=0.1)),
        "adam, L2": trajectory(lambda p: ADAM(p, lr=0.1, betas=(0.8, 0.99), eps=1e-4, weight_decay=0.05)),
        "adamW": trajectory(lambda p: ADAMW(p, lr=0.1, weight_decay=0.05)),
        "momentum, norm clipped": trajectory(
            lambda p: SGD(p, lr=0.1, momentum=0.9), lambda p: scale_to(p, 1.5)),
        "momentum, value clipped": trajectory(
            lambda p: SGD(p, lr=0.1, momentum=0.9), lambda p: U.clip_grad_value_(p, 0.7)),
    },
    "rates": {
        "step": rates(lambda o: S.StepLR(o, step_size=7, gamma=0.5)),
        "milestones": rates(lambda o: S.MultiStepLR(o, milestones=[5, 20], gamma=0.1)),
        "cosine": rates(lambda o: S.CosineAnnealingLR(o, T_max=40, eta_min=0.01)),
        "linear": rates(lambda o: S.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=30)),
        "warmUp": rates(lambda o: S.LinearLR(o, start_factor=0.1, end_factor=1.0, total_iters=9)),
        "sequence": rates(lambda o: S.SequentialLR(o, [
            S.LinearLR(o, start_factor=0.25, end_factor=1.0, total_iters=8),
            S.CosineAnnealingLR(o, T_max=32)], milestones=[8])),
    },
}))
