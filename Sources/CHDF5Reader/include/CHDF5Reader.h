#ifndef CHDF5_READER_H
#define CHDF5_READER_H

#include <stdint.h>

// The identifier of a driver of HDF5 that reads and does nothing else, negative when HDF5 refuses it. It is registered when
// first asked for. The caller keeps other threads out of HDF5.
int64_t h5_reader_driver(void);

#endif
