#ifndef LANDSCAPE_HDF5_SHIM_H
#define LANDSCAPE_HDF5_SHIM_H

#include <hdf5.h>
#include <hdf5_hl.h>

#endif
