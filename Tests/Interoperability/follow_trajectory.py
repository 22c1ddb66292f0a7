"""Follows a trajectory that another process is writing, until it has seen it grow ten times."""
import sys
import time

import h5py
import numpy as np

with h5py.File(sys.argv[1], swmr=True) as file:
    step, loss, spectrum = (file[f"trajectory/{name}"] for name in ["step", "loss", "spectrum"])
    seen = growths = 0
    # Generous: the writer shares the machine with every other test, and what is tested is not its pace.
    end = time.monotonic() + 600
    while growths < 10:
        assert time.monotonic() < end, f"the trajectory stopped at {seen} rows"
        for dataset in (step, loss, spectrum):
            dataset.refresh()
        count = len(step)
        steps = step[:]
        assert len(loss) >= count and len(spectrum) >= count
        assert np.array_equal(steps, np.arange(count))
        assert np.array_equal(loss[:count], 1 / (steps + 1))
        assert np.array_equal(spectrum[:count, 2], 3.0 + steps)
        growths += count > seen
        seen = count
        time.sleep(0.02)

print(f"live trajectory: followed to row {seen}")
