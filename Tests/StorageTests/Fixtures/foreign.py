"""Makes the sound HDF5 files of another program: python foreign.py, with h5py 3 and NumPy."""
import h5py
import numpy as np

with h5py.File("plain.h5", "w", libver="earliest") as file:
    file["x_train"] = np.arange(6, dtype="<f4").reshape(3, 2)

with h5py.File("compound.h5", "w", libver="earliest") as file:
    file.create_group("waves")["z"] = np.array([1 + 2j, 3 - 1j])

with h5py.File("claim.h5", "w", libver="earliest") as file:
    file.create_dataset("x_train", shape=(1 << 40,), chunks=(1 << 16,), dtype="<f8")
