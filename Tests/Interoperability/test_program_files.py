"""Run files of the real program, as h5py, xarray and netCDF4 read them; the README's line; the notebooks."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import pytest
import xarray as xr

import evaluate_paths

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("LANDSCAPE_PROGRAM", str(REPOSITORY / ".build/release/landscape"))


def landscape(*arguments, **options):
    return subprocess.run(
        [PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, **options
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("program") / "results"
    made = landscape("reproduce", "--profile", "smoke", "--results", folder)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def files(results):
    found = sorted(path for path in results.glob("*/*.h5") if "run_id" in h5py.File(path).attrs)
    assert {path.parent.name for path in found} >= {"gradient-descent", "hessian-spectrum", "mode-connectivity"}
    return found


def groups(path):
    names = ["/"]
    with h5py.File(path) as file:
        file.visititems(lambda name, item: names.append("/" + name) if isinstance(item, h5py.Group) else None)
    return names


def test_every_axis_has_a_named_scale_and_nothing_is_a_compound_or_a_reference(files):
    for path in files:
        datasets = []
        with h5py.File(path) as file:
            file.visititems(lambda name, item: datasets.append(name) if isinstance(item, h5py.Dataset) else None)
            assert datasets
            for name in datasets:
                data = file[name]
                assert data.dtype.fields is None and h5py.check_ref_dtype(data.dtype) is None, name
                if data.is_scale:
                    continue
                for axis in range(data.ndim):
                    assert len(data.dims[axis]) == 1, f"{path.name}: {name} has no scale for axis {axis}"
                    assert data.dims[axis][0].shape == (data.shape[axis],), name


def test_xarray_and_netcdf4_read_the_same_numbers_under_the_same_names(files):
    for path in files:
        for group in groups(path):
            first = xr.load_dataset(path, engine="h5netcdf", group=group)
            second = xr.load_dataset(path, engine="netcdf4", group=group)
            xr.testing.assert_identical(first, second)
            assert not any(str(name).startswith("phony_dim") for name in first.sizes), f"{path.name}{group}"


def test_measurements_have_units_and_long_names(files):
    for path in files:
        with netCDF4.Dataset(path) as file:
            pending = [file["measurements"]]
            seen = 0
            while pending:
                group = pending.pop()
                pending += group.groups.values()
                for variable in group.variables.values():
                    seen += 1
                    assert "long_name" in variable.ncattrs(), f"{path.name}: {group.path}/{variable.name}"
                    if variable.dtype is not str and np.issubdtype(variable.dtype, np.floating):
                        assert "units" in variable.ncattrs(), f"{path.name}: {group.path}/{variable.name}"
            assert seen > 0


def test_the_root_says_what_the_file_is(files):
    for path in files:
        with h5py.File(path) as file:
            for name in "Conventions title source history references experiment run_id seed status format_version".split():
                assert name in file.attrs, f"{path.name}: {name}"
            assert file.attrs["experiment"] == path.parent.name
            assert file.attrs["run_id"] == path.stem
            assert file.attrs["status"] == "complete"
            assert len(file["configuration"].attrs) > 3
            assert "threads" in file["provenance"].attrs


def test_a_second_reproduce_makes_nothing_anew(results, files):
    before = {path: path.stat().st_mtime_ns for path in files}
    again = landscape("reproduce", "--profile", "smoke", "--results", results)
    assert again.returncode == 0, again.stderr
    assert {path: path.stat().st_mtime_ns for path in files} == before


def test_numpy_finds_the_same_losses_on_the_same_paths(files):
    train, test = evaluate_paths.digits()
    seen = set()
    for path in files:
        if path.parent.name == "mode-connectivity":
            found, _ = evaluate_paths.compare(path, train, test)
            for name, (loss, wrong) in found.items():
                seen.add(name)
                # Rounding may turn an example that lies on the border of two classes.
                assert loss < 1e-4 and wrong <= 3, f"{path.name}: {name}"
    matched = {f"matching/{method}{line}" for method in ["weights", "activations"] for line in ["", "/repaired"]}
    assert seen >= {"line", "bezier", "chain", "elastic_band"} | matched


def test_the_line_of_the_readme_prints_named_dimensions(results, files):
    text = (REPOSITORY / "README.md").read_text()
    lines = re.findall(r'^(?:\S*python3?) -c ".*xarray.*"$', text, flags=re.M)
    assert lines, "README.md has no line that opens a run file"
    for line in lines:
        command = [sys.executable, *shlex.split(line)[1:]]
        shown = subprocess.run(command, cwd=results.parent, capture_output=True, text=True)
        assert shown.returncode == 0, shown.stderr
        assert "Dimensions" in shown.stdout and "train_loss" in shown.stdout


def notebooks(folder, results):
    return subprocess.run(
        [sys.executable, REPOSITORY / "Scripts/notebooks.py", "--folder", folder, "--results", results],
        capture_output=True, text=True,
    )


def test_the_notebooks_draw_and_draw_again_only_what_is_new(results, files, tmp_path):
    for source in (REPOSITORY / "notebooks-export").iterdir():
        if source.suffix in (".ipynb", ".py") and ".executed" not in source.name:
            shutil.copy(source, tmp_path)
    names = {path.stem for path in tmp_path.glob("*.ipynb")}
    assert names == {path.name for path in (REPOSITORY / "experiments").iterdir() if path.is_dir()}
    first = notebooks(tmp_path, results)
    assert first.returncode == 0, first.stderr
    for name in names:
        pictures = list(tmp_path.glob(f"{name}-*.png"))
        assert pictures and all(picture.stat().st_size > 5000 for picture in pictures), name
        assert (tmp_path / f"{name}.executed.ipynb").exists() and (tmp_path / f"{name}.html").exists()
    second = notebooks(tmp_path, results)
    assert second.returncode == 0 and second.stderr.count("up to date") == len(names), second.stderr
    os.utime(next(path for path in files if path.parent.name == "gradient-descent"))
    third = notebooks(tmp_path, results)
    assert "gradient-descent: executing" in third.stderr and third.stderr.count("up to date") == len(names) - 1
    # Verdicts stand below the figures.
    findings = results / "findings-smoke.json"
    before = findings.read_text()
    try:
        findings.write_text(before.replace('"experiment" : "flatness"', '"experiment" : "flatness", "added" : 1', 1))
        fourth = notebooks(tmp_path, results)
    finally:
        findings.write_text(before)
    assert "flatness: executing" in fourth.stderr and fourth.stderr.count("up to date") == len(names) - 1


def test_the_notebooks_say_that_runs_are_missing(tmp_path):
    for source in (REPOSITORY / "notebooks-export").iterdir():
        if source.suffix in (".ipynb", ".py") and ".executed" not in source.name:
            shutil.copy(source, tmp_path)
    done = notebooks(tmp_path, tmp_path / "nothing")
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.glob("*.png"))
    for page in tmp_path.glob("*.html"):
        assert "nothing is drawn" in page.read_text()
