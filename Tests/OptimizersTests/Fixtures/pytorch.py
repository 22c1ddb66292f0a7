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


def line_searched(**constants):
    """L-BFGS with one iteration a step, so that each point is seen."""
    x = torch.tensor(START, requires_grad=True)
    optimizer = torch.optim.LBFGS([x], max_iter=1, max_eval=100, tolerance_grad=0, tolerance_change=0, **constants)

    def closure():
        optimizer.zero_grad()
        value = loss(x)
        value.backward()
        return value

    points = []
    for _ in range(12):
        optimizer.step(closure)
        points.append(x.detach().tolist())
    return points


def averaged(average):
    """The averages of SGD's points."""
    x = torch.nn.Parameter(torch.tensor(START))
    model = torch.nn.Module()
    model.x = x
    optimizer = torch.optim.SGD([x], lr=0.1, momentum=0.9)
    mean = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=average)
    points = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(x).backward()
        optimizer.step()
        mean.update_parameters(model)
        points.append(mean.module.x.detach().tolist())
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


O = torch.optim
SGD, ADAM, ADAMW = O.SGD, O.Adam, O.AdamW
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
        "adagrad": trajectory(lambda p: O.Adagrad(p, lr=0.1)),
        "adagrad, L2": trajectory(
            lambda p: O.Adagrad(p, lr=0.1, initial_accumulator_value=0.3, eps=1e-3, weight_decay=0.05)),
        "rmsprop": trajectory(lambda p: O.RMSprop(p, lr=0.1)),
        "rmsprop, centered": trajectory(lambda p: O.RMSprop(p, lr=0.1, alpha=0.9, eps=1e-3, centered=True)),
        "rmsprop, momentum": trajectory(lambda p: O.RMSprop(p, lr=0.1, alpha=0.9, momentum=0.7, weight_decay=0.05)),
        "rmsprop, all": trajectory(
            lambda p: O.RMSprop(p, lr=0.1, alpha=0.9, eps=1e-3, momentum=0.7, centered=True, weight_decay=0.05)),
        "adadelta": trajectory(lambda p: O.Adadelta(p, lr=0.1)),
        "adadelta, L2": trajectory(lambda p: O.Adadelta(p, lr=0.1, rho=0.8, eps=1e-3, weight_decay=0.05)),
        "amsgrad": trajectory(lambda p: ADAM(p, lr=0.1, betas=(0.8, 0.6), amsgrad=True)),
        "amsgradW": trajectory(lambda p: ADAMW(p, lr=0.1, betas=(0.8, 0.6), weight_decay=0.05, amsgrad=True)),
        "nadam": trajectory(lambda p: O.NAdam(p, lr=0.1)),
        "nadam, L2": trajectory(lambda p: O.NAdam(
            p, lr=0.1, betas=(0.8, 0.99), eps=1e-4, momentum_decay=0.02, weight_decay=0.05)),
        "nadamW": trajectory(lambda p: O.NAdam(p, lr=0.1, weight_decay=0.05, decoupled_weight_decay=True)),
        "momentum, norm clipped": trajectory(
            lambda p: SGD(p, lr=0.1, momentum=0.9), lambda p: scale_to(p, 1.5)),
        "momentum, value clipped": trajectory(
            lambda p: SGD(p, lr=0.1, momentum=0.9), lambda p: U.clip_grad_value_(p, 0.7)),
    },
    "descents": {
        "l-bfgs, strong Wolfe": line_searched(lr=1, history_size=3, line_search_fn="strong_wolfe"),
        "l-bfgs, short first trials": line_searched(lr=0.1, history_size=10, line_search_fn="strong_wolfe"),
        "l-bfgs, fixed": line_searched(lr=0.5, history_size=10),
        "swa": averaged(O.swa_utils.get_swa_multi_avg_fn()),
        "ema": averaged(O.swa_utils.get_ema_multi_avg_fn(0.8)),
    },
    "rates": {
        "step": rates(lambda o: S.StepLR(o, step_size=7, gamma=0.5)),
        "milestones": rates(lambda o: S.MultiStepLR(o, milestones=[5, 20], gamma=0.1)),
        "cosine": rates(lambda o: S.CosineAnnealingLR(o, T_max=40, eta_min=0.01)),
        "linear": rates(lambda o: S.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=30)),
        "warmUp": rates(lambda o: S.LinearLR(o, start_factor=0.1, end_factor=1.0, total_iters=9)),
        "exponential": rates(lambda o: S.ExponentialLR(o, gamma=0.93)),
        "inverseTime": rates(lambda o: S.LambdaLR(o, lambda t: 1 / (1 + 0.2 * t))),
        "polynomial": rates(lambda o: S.PolynomialLR(o, total_iters=30, power=2.5)),
        "cosineRestarts": rates(lambda o: S.CosineAnnealingWarmRestarts(o, T_0=7, eta_min=0.02)),
        "cosineRestarts, growing": rates(lambda o: S.CosineAnnealingWarmRestarts(o, T_0=5, T_mult=2)),
        "triangular": rates(lambda o: S.CyclicLR(
            o, base_lr=0.1, max_lr=0.5, step_size_up=4, step_size_down=7, cycle_momentum=False)),
        "triangular, halved": rates(lambda o: S.CyclicLR(
            o, base_lr=0.1, max_lr=0.5, step_size_up=6, mode="triangular2", cycle_momentum=False)),
        "oneCycle": rates(lambda o: S.OneCycleLR(
            o, max_lr=0.4, total_steps=41, pct_start=0.25, div_factor=20, final_div_factor=50, cycle_momentum=False)),
        "product": rates(lambda o: S.ChainedScheduler([
            S.LinearLR(o, start_factor=0.1, end_factor=1.0, total_iters=9), S.ExponentialLR(o, gamma=0.9)])),
        "sequence": rates(lambda o: S.SequentialLR(o, [
            S.LinearLR(o, start_factor=0.25, end_factor=1.0, total_iters=8),
            S.CosineAnnealingLR(o, T_max=32)], milestones=[8])),
    },
}))
