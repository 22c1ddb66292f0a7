#ifndef CHDF5_READER_H
#define CHDF5_READER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// The identifier of a driver of HDF5 that reads and does nothing else, negative when HDF5 refuses it. It is registered when
// first asked for. The caller keeps other threads out of HDF5.
int64_t h5_reader_driver(void);

enum { H5_ARRAY_MAXIMUM_RANK = 32 };

// How reading an array ended.
enum h5_array_status { H5_ARRAY_READ, H5_ARRAY_ABSENT, H5_ARRAY_NO_NUMBERS, H5_ARRAY_FAILED };

// What its elements became.
enum h5_array_kind { H5_ARRAY_FLOAT32, H5_ARRAY_FLOAT64, H5_ARRAY_INT64, H5_ARRAY_UINT8 };

// What comes first through the pipe; where the array was read, its `bytes` follow.
typedef struct {
  int32_t status;
  int32_t kind;
  int32_t rank;
  uint64_t extents[H5_ARRAY_MAXIMUM_RANK];
  uint64_t bytes;
  char reason[256];
} h5_array_header;

// Starts a process that reads one array of a file and writes it into a pipe; gives the pipe's end to read from, or -1 and
// errno. `seconds` and `bytes` bound what the process takes. The caller keeps other threads out of HDF5, and ends by
// h5_reader_finish.
int h5_reader_start(const char *path, const char *name, unsigned seconds, uint64_t bytes, pid_t *child);

// Waits for the process. Whether it came to its end.
bool h5_reader_finish(pid_t child);

#endif
