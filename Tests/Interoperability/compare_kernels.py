"""Computes a run's empirical neural tangent kernel anew by JAX, from weights that were exported as safetensors.

    landscape run width-sweep --set kernel_examples=20 --set keep_kernel=true --set training.steps=100
    landscape export results/width-sweep/RUN.h5 --checkpoint 0 --to start.safetensors
    python Tests/Interoperability/compare_kernels.py results/width-sweep/RUN.h5 start.safetensors

The kernel is <d z_k(x_i) / d theta, d z_l(x_j) / d theta> for the outputs z of all examples in the run's file: JAX's Jacobian
in Float64 times its transpose. For perceptrons in the standard or the NTK parameterization. With a third argument it writes
weights, examples and JAX's kernel there, as the fixtures kernel-*.safetensors for KernelWitnessTests.swift were made.
Needs jax, h5py and safetensors. Made and run with JAX 0.10.2, NumPy 2.4.6, safetensors 0.8.0.
"""

import sys

import h5py
import jax
import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

jax.config.update("jax_enable_x64", True)
ACTIVATIONS = {"relu": jax.nn.relu, "tanh": jax.numpy.tanh}
# The run computes in Float32.
TOLERANCE = 1e-5


def layers(tensors):
    names = sorted({name.split("/")[0] for name in tensors}, key=lambda name: int(name.removeprefix("dense")))
    return [(tensors[f"{name}/weight"].astype("f8"), tensors[f"{name}/bias"].astype("f8")) for name in names]


def kernel(parameters, inputs, activation, parameterization):
    """[examples, outputs, examples, outputs]."""

    def outputs(parameters, x):
        for number, (weight, bias) in enumerate(parameters):
            factor = weight.shape[0] ** -0.5 if parameterization == "ntk" else 1.0
            x = x @ (factor * weight) + bias
            if number < len(parameters) - 1:
                x = activation(x)
        return x

    rows = jax.jacrev(outputs)(parameters, inputs)
    count = inputs.shape[0] * parameters[-1][1].shape[0]
    jacobian = np.concatenate([np.asarray(block).reshape(count, -1) for layer in rows for block in layer], axis=1)
    shape = (inputs.shape[0], parameters[-1][1].shape[0])
    return (jacobian @ jacobian.T).reshape(*shape, *shape)


def main(run, weights, fixture=None):
    with safe_open(weights, framework="np") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    network = {k.rsplit(".", 1)[1]: v for k, v in metadata.items() if ".network." in k}
    assert metadata["layout"] == "landscape" and network["architecture"] == "mlp", "only perceptrons are compared"
    with h5py.File(run) as file:
        assert file.attrs["run_id"] == metadata["run_id"], "the weights are of another run"
        inputs = file["measurements/kernel/features"][()]
        found = file["measurements/kernel"]["initial" if metadata["checkpoints"] == "0" else "final"][()]
    expected = kernel(
        layers(tensors), inputs.astype("f8"), ACTIVATIONS[network["activation"]], network["parameterization"]
    )
    difference = np.abs(found - expected).max() / np.abs(expected).max()
    print(f"JAX {jax.__version__}, NumPy {np.__version__}; {expected.shape[0]} examples, {expected.shape[1]} outputs")
    print(f"largest difference of the tangent kernels, by the largest entry: {difference:.1e}")
    if fixture:
        kept = {**tensors, "features": inputs, "kernel": expected}
        save_file(kept, fixture, metadata={**metadata, "made_by": f"compare_kernels.py, JAX {jax.__version__}"})
    return 0 if difference < TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
