"""Weights out of the real program and into it, by the libraries safetensors and NumPy; planes out of it, by meshio."""

import json

import h5py
import meshio
import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

import compare_masks
import evaluate_paths
from test_program_files import landscape

NETWORK = [
    "--set", "minimum.network.hidden=[9]", "--set", "minimum.steps=120", "--set", "path_points=7", "--set", "measure=[line]"
]


def run(experiment, folder, *settings):
    made = landscape("run", experiment, "--results", folder, "--quiet", "--json", *settings)
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)[0]["file"]


def export(path, target, *options):
    done = landscape("export", path, "--to", target, *options)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return run("mode-connectivity", tmp_path_factory.mktemp("trained"), *NETWORK)


def test_both_layouts_hold_the_numbers_of_the_run_file(trained, tmp_path):
    own = load_file(export(trained, tmp_path / "own.safetensors", "--all"))
    theirs = export(trained, tmp_path / "theirs.safetensors", "--checkpoint", "second", "--layout", "pytorch")
    with safe_open(theirs, framework="np") as file:
        assert file.metadata()["layout"] == "pytorch"
        assert file.metadata()["configuration.minimum.network.hidden"] == "[9]"
    theirs = load_file(theirs)
    with h5py.File(trained) as file:
        for end in ["first", "second"]:
            for layer in ["dense1", "dense2"]:
                weight, bias = (file[f"checkpoints/{end}/{layer}/{name}"][()] for name in ["weight", "bias"])
                assert np.array_equal(own[f"{end}/{layer}/weight"], weight)
                assert np.array_equal(own[f"{end}/{layer}/bias"], bias)
        assert np.array_equal(theirs["dense2.weight"], file["checkpoints/second/dense2/weight"][()].T)
        assert theirs["dense1.weight"].shape == (9, 64) and len(theirs) == 4


def test_weights_that_another_program_wrote_are_the_ends_of_a_path(trained, tmp_path):
    with h5py.File(trained) as file:
        line = file["measurements/line/train_loss"][()]
        for end in ["first", "second"]:
            layers = file[f"checkpoints/{end}"]
            tensors = {f"{name}.{part}": layers[name][part][()].T for name in layers for part in ["weight", "bias"]}
            save_file({k: np.ascontiguousarray(v.astype("f8")) for k, v in tensors.items()}, tmp_path / f"{end}.safetensors")
    files = f"ends.files=[{tmp_path}/first.safetensors, {tmp_path}/second.safetensors]"
    settings = [*NETWORK, "--set", files]
    path = run("mode-connectivity", tmp_path, *settings, "--set", "ends.layout=pytorch")
    with h5py.File(path) as file:
        assert np.array_equal(file["measurements/line/train_loss"][()], line)
    found, _ = evaluate_paths.compare(path, *evaluate_paths.digits())
    assert found["line"][0] < 1e-4 and found["line"][1] <= 3
    unsaid = landscape("run", "mode-connectivity", "--results", tmp_path / "r", "--quiet", *settings)
    assert unsaid.returncode == 65 and "to landscape for the former, to pytorch" in unsaid.stderr
    # Other content makes another run.
    tensors = {k: np.ascontiguousarray(v) for k, v in load_file(tmp_path / "first.safetensors").items()}
    tensors["dense2.bias"][0] += 1
    save_file(tensors, tmp_path / "first.safetensors")
    assert run("mode-connectivity", tmp_path, *settings, "--set", "ends.layout=pytorch") != path


@pytest.mark.parametrize(
    "pruning",
    ["{rounds: 3}", "{rounds: 3, scope: global}", "{rounds: 3, rate: 0.3, output_rate: 0.15}",
     "{rounds: 2, scope: global, output_rate: 0.1, excluded: [dense1/weight]}"],
)
def test_numpy_prunes_the_same_weights(pruning, tmp_path):
    path = run(
        "lottery-ticket", tmp_path, "--set", "training.network.hidden=[17, 11]", "--set", "training.steps=60", "--set",
        "training.data.train_count=300", "--set", "controls=[]", "--set", "evaluations=2", "--set", f"pruning={pruning}"
    )
    found = compare_masks.compare(export(path, tmp_path / "tickets.safetensors", "--all"))
    assert len(found) >= 2 and all(same for _, _, same in found), found
    assert found[0][1] != found[1][1]


def test_a_plane_goes_into_a_file_of_vtk_with_its_places_and_fields(tmp_path):
    plane = ["plane.alpha_count=3", "plane.beta_count=4", "curve.steps=5", "measure=[bezier,plane]"]
    path = run("mode-connectivity", tmp_path / "results", *NETWORK[:4], *[word for s in plane for word in ["--set", s]])
    grid = meshio.read(export(path, tmp_path / "plane.vtk"))
    with h5py.File(path) as file:
        group = file["measurements/plane"]
        for field in ["train_loss", "test_error"]:
            for i, alpha in enumerate(group["alpha"][()]):
                for j, beta in enumerate(group["beta"][()]):
                    place, = np.flatnonzero((grid.points == [alpha, beta, 0]).all(axis=1))
                    assert grid.point_data[field][place] == group[field][i, j]
