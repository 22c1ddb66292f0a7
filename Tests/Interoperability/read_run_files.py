"""Reads the sample files that InteroperabilityTests.swift writes, through every library that FORMAT promises.

The expected numbers are written out here, not read from Swift.
"""
import sys
import warnings

import h5py
import netCDF4
import numpy as np
import xarray as xr

warnings.simplefilter("error")
folder = sys.argv[1]


def check(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def check_bits(actual, expected):
    expected = np.asarray(expected)
    check((actual.dtype, actual.shape), (expected.dtype, expected.shape))
    check(actual.tobytes(), expected.tobytes())


odd_nan = np.frombuffer(bytes.fromhex("efbeadde0000f87f"), "<f8")[0]
doubles = np.array([0, -0.0, 1 / 3, np.nan, odd_nan, np.inf, -np.inf, 5e-324])
texts = ["", "plain", "Grüße, 世界", "a\nb\t\"c\"", "e\u0301", "🏔"]
t = np.array([0, 0.25, 0.5, 0.75, 1])
loss = np.array([4 * 0.25 * x * (1 - x) for x in t])

# A run file, through both of xarray's engines.
run = f"{folder}/run.h5"
for engine in ["h5netcdf", "netcdf4"]:
    root = xr.open_dataset(run, engine=engine)
    check(root.attrs["Conventions"], "CF-1.10")
    check(root.attrs["references"], "arXiv:1802.10026; arXiv:1803.00885")
    check(int(root.attrs["seed"]), 3)
    check(root.attrs["status"], "complete")
    line = xr.open_dataset(run, engine=engine, group="/measurements/line")
    check(dict(line.sizes), {"t": 5})
    check(line.loss.dims, ("t",))
    check(line.loss.attrs["units"], "1")
    check(line.loss.attrs["long_name"], "loss along the line")
    check(line.t.attrs["long_name"], "position on the path")
    check_bits(line.t.values, t)
    check_bits(line.loss.values, loss)
    check(list(line.names.values), ["a", "b", "", "d", "e3"])
    check(float(line.loss.sel(t=0.5)), 0.25)
    measurements = xr.open_dataset(run, engine=engine, group="/measurements")
    check(float(measurements.barrier), 0.25)
    configuration = xr.open_dataset(run, engine=engine, group="/configuration")
    check(int(configuration.attrs["width"]), 64)
    check(configuration.attrs["optimizer.name"], "sgd")
    check(str(configuration.yaml.values), "width: 64\noptimizer:\n  name: sgd\n")
    trajectory = xr.open_dataset(run, engine=engine, group="/trajectory")
    check(list(trajectory.step.values), [0, 10, 20])
    check_bits(trajectory.loss.values, np.array([2.3, 1.1, 3.0]))
    block = xr.open_dataset(run, engine=engine, group="/checkpoints/20/dense1")
    check(block.weight.dims, ("weight_0", "weight_1"))
    check_bits(block.weight.values, np.arange(3, 9, dtype="f4").reshape(2, 3))
    check(int(block.bias.attrs["offset"]), 6)

    # Every type.
    tree = xr.open_dataset(f"{folder}/everything.h5", engine=engine)
    check_bits(tree.float64.values, doubles)
    check(tree.float32.dtype, np.dtype("f4"))
    check(tree.float32.attrs["units"], "m s-1")
    check(list(tree.int64.values), [-(2**63), 0, 2**63 - 1])
    check(list(tree.uint8.values), [0, 255])
    check(tree.uint8.dtype, np.dtype("u1"))
    check(float(tree.scalar), -0.5)
    check(tree.grid.dims, ("t", "step"))
    check_bits(tree.grid.values, (np.arange(15) * 0.1).reshape(3, 5))
    check(int(tree.grid.attrs["converged"]), 1)
    check(float(tree.grid.attrs["residual"]), 1e-9)
    check(tree.grid.attrs["origin"], "Lanczos")
    check(list(tree.optimizer.values), ["sgd", "ädam"])
    check(list(tree.step.values), [0, 10, 20, 30, 40])
    check("sample" in tree.coords, False)
    check(tree.sizes["nothing"], 0)
    check(list(tree.attrs["strings"]), texts)
    check(list(tree.attrs["integers"]), [1, -2])
    check(list(tree.attrs["numbers"]), [0.5, np.inf])
    zeta = xr.open_dataset(f"{folder}/everything.h5", engine=engine, group="zeta")
    check(zeta.block.dims, ("optimizer", "t", "unit"))
    check_bits(zeta.block.values, np.arange(36, dtype="f4").reshape(2, 3, 6))
    check(list(zeta.names.values), texts)

# The tree as a whole: dimensions are inherited together with their coordinates.
whole = xr.open_datatree(f"{folder}/everything.h5", engine="h5netcdf")
check(list(whole["zeta"].to_dataset().block.optimizer.values), ["sgd", "ädam"])

# netCDF4's own view.
with netCDF4.Dataset(f"{folder}/everything.h5") as file:
    check(list(file.dimensions), ["sample", "nothing", "t", "optimizer", "step"])
    check(file.dimensions["step"].isunlimited(), True)
    check(file["grid"].dimensions, ("t", "step"))
    check(file["zeta/block"].dimensions, ("optimizer", "t", "unit"))
    check(file["zeta/block"].long_name, "block")
    check(list(file.groups), ["zeta", "alpha"])
    check(bool(np.isnan(file["float32"]._FillValue)), True)
    check(int(file["alpha/below/count"][...]), 3)

# h5py's.
with h5py.File(f"{folder}/everything.h5") as file:
    check([axis[0].name for axis in file["zeta/block"].dims], ["/optimizer", "/t", "/zeta/unit"])
    check(file["grid"].dims[0][0].name, "/t")
    check(list(file["zeta/names"].asstr()[...]), texts)
    check(file["zeta/block"].attrs["units"], "1")
    check(file.attrs["title"], "every type")

# Large arrays keep their rows and columns apart.
with h5py.File(f"{folder}/large.h5") as file:
    table = file["table"]
    check(table.shape, (600, 701))
    check((table.shuffle, table.compression, table.fletcher32), (True, "gzip", True))
    index = np.arange(600 * 701)
    expected = np.where(index % 97 == 0, np.nan, np.floor(index * 0.001 + 0.5)).reshape(600, 701)
    assert np.array_equal(table[...], expected, equal_nan=True)

print("run files: xarray (h5netcdf, netcdf4), netCDF4 and h5py agree")
