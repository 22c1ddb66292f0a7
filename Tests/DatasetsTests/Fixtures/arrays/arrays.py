"""Makes the array files of the tests: python arrays.py, with NumPy 2."""
import numpy as np

x = np.arange(5 * 3 * 2, dtype=np.float64).reshape(5, 3, 2) / 4 - 3
parts = {
    "x_train": x[:3].astype(">f8"), "y_train": np.array([2, 0, 1], dtype="<i2"),
    "x_test": np.asfortranarray(x[3:].astype("<f4")), "y_test": np.array([[True], [False]]),
}
np.savez("stored.npz", **parts)
np.savez_compressed("deflated.npz", **parts)

values = [0, 1, 127, -128]
for kind in ["<i1", "<i4", ">i8", ">i2", "<f4", ">f4"]:
    np.save(f"{kind.replace('<', 'l').replace('>', 'b')}.npy", np.array(values, dtype=kind).reshape(2, 2))
for kind in ["|u1", ">u2", "<u4", "<u8"]:
    np.save(f"{kind.strip('|').replace('<', 'l').replace('>', 'b')}.npy", np.array([0, 1, 200, 255], dtype=kind).reshape(2, 2))
np.save("half.npy", np.zeros(2, dtype=np.float16))
np.save("scalar.npy", np.float64(2.5))
np.save("columns.npy", np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)))
