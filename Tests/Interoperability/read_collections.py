"""Opens a collection by reference and a copied one as one Dataset each, and compares them with the single run files."""
import os
import sys
import warnings

import h5py
import numpy as np
import xarray as xr

warnings.simplefilter("error")
folder = os.path.abspath(sys.argv[1])
os.chdir("/")

with h5py.File(f"{folder}/referring.h5") as file:
    assert file["barrier"].is_virtual
    assert all(not source.file_name.startswith("/") for source in file["barrier"].virtual_sources())
with h5py.File(f"{folder}/copied.h5") as file:
    assert not file["barrier"].is_virtual

for engine in ["h5netcdf", "netcdf4"]:
    for name in ["referring", "copied"]:
        ds = xr.open_dataset(f"{folder}/{name}.h5", engine=engine)
        assert ds.barrier.dims == ("width", "seed"), ds.barrier.dims
        assert list(ds.width.values) == [4, 16, 64] and list(ds.seed.values) == [1, 2]
        lines = ds.barrier.mean("seed").plot(x="width")
        assert np.array_equal(lines[0].get_ydata(), [0.375, 1 / 16, 1.5 / 64])
        found = 0
        for width in ds.width.values:
            for seed in ds.seed.values:
                path = f"{folder}/runs/{seed}-{width}.h5"
                if not os.path.exists(path):
                    assert np.isnan(ds.barrier.sel(width=width, seed=seed))
                    assert np.isnan(ds.line_loss.sel(width=width, seed=seed)).all()
                    assert ds.run_id.sel(width=width, seed=seed) == ""
                    continue
                found += 1
                run = xr.open_dataset(path, engine=engine, group="measurements/line")
                one = ds.sel(width=width, seed=seed)
                assert np.array_equal(one.line_loss.values, run.loss.values)
                assert np.array_equal(one.t.values, run.t.values)
                assert list(one.names.values) == list(run.names.values)
                run = xr.open_dataset(path, engine=engine, group="measurements")
                assert float(one.barrier) == float(run.barrier)
                run = xr.open_dataset(path, engine=engine, group="trajectory")
                assert np.array_equal(one.trajectory_loss.values, run.loss.values)
        assert found == 5
        assert ds.line_loss.attrs["long_name"] == "loss along the line"
        assert ds.width.attrs["long_name"] == "configuration key width"

print("collections: both forms equal their runs")
