#ifndef CHDF5_READER_H
#define CHDF5_READER_H

#include <stdbool.h>
#include <stdint.h>

// The identifier of a driver of HDF5 that reads and does nothing else, negative when HDF5 refuses it. It is registered when
// first asked for. The caller keeps other threads out of HDF5.
int64_t h5_reader_driver(void);

// Whether a process of its own comes through opening a file and reading one array of it: HDF5 1.10 divides by zero, reads
// where nothing is, or takes all memory for some damaged files, and then that process dies in place of this one. True also
// where HDF5 refuses the file by an error, which the caller will see for itself. `seconds` and `bytes` bound what it takes.
// The caller keeps other threads out of HDF5.
bool h5_reader_survives(const char *path, const char *name, unsigned seconds, uint64_t bytes);

#endif
