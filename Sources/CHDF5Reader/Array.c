// One array of any HDF5 file, read by a process of its own: HDF5 1.10 divides by zero, reads where nothing is, or takes all
// memory for some damaged files, and then that process dies in place of this one. What it read comes through a pipe.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "CHDF5Reader.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool h5_reader_send(int descriptor, const void *bytes, size_t count) {
  const char *place = (const char *)bytes;
  while (count > 0) {
    const ssize_t sent = write(descriptor, place, count);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    place += sent;
    count -= (size_t)sent;
  }
  return true;
}

// The innermost reason that HDF5 gives.
static herr_t h5_reader_reason(unsigned place, const H5E_error2_t *error, void *context) {
  h5_array_header *header = (h5_array_header *)context;
  if (place == 0 && error->desc != NULL) snprintf(header->reason, sizeof header->reason, "%s", error->desc);
  return 0;
}

static int32_t h5_reader_failed(h5_array_header *header) {
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, h5_reader_reason, header);
  return H5_ARRAY_FAILED;
}

// Whether every part of the name leads somewhere; negative where HDF5 fails.
static int h5_reader_exists(hid_t file, const char *name) {
  char *part = strdup(name);
  if (part == NULL) return -1;
  int exists = 1;
  for (char *end = part; exists > 0 && *end != 0;) {
    end += strspn(end, "/");
    end += strcspn(end, "/");
    const char kept = *end;
    *end = 0;
    if (part[strspn(part, "/")] != 0) exists = H5Lexists(file, part, H5P_DEFAULT);
    *end = kept;
  }
  free(part);
  return exists;
}

// Reads the array into memory that the caller owns; says in the header what it is, or why there is none.
static int32_t h5_reader_read_array(const char *path, const char *name, h5_array_header *header, void **numbers) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (access < 0 || H5Pset_driver(access, (hid_t)h5_reader_driver(), NULL) < 0) return h5_reader_failed(header);
  const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
  if (file < 0) return h5_reader_failed(header);
  const int exists = h5_reader_exists(file, name);
  if (exists < 0) return h5_reader_failed(header);
  if (exists == 0) return H5_ARRAY_ABSENT;
  const hid_t array = H5Oopen(file, name, H5P_DEFAULT);
  if (array < 0) return h5_reader_failed(header);
  if (H5Iget_type(array) != H5I_DATASET) return H5_ARRAY_ABSENT;
  const hid_t type = H5Dget_type(array), space = H5Dget_space(array), creation = H5Dget_create_plist(array);
  if (type < 0 || space < 0 || creation < 0) return h5_reader_failed(header);

  const size_t width = H5Tget_size(type);
  hid_t memory;
  switch (H5Tget_class(type)) {
    case H5T_FLOAT:
      header->kind = width <= 4 ? H5_ARRAY_FLOAT32 : H5_ARRAY_FLOAT64;
      memory = width <= 4 ? H5T_NATIVE_FLOAT : H5T_NATIVE_DOUBLE;
      break;
    case H5T_INTEGER: {
      const bool isByte = width == 1 && H5Tget_sign(type) == H5T_SGN_NONE;
      header->kind = isByte ? H5_ARRAY_UINT8 : H5_ARRAY_INT64;
      memory = isByte ? H5T_NATIVE_UINT8 : H5T_NATIVE_INT64;
      break;
    }
    default: return H5_ARRAY_NO_NUMBERS;
  }
  header->rank = H5Sget_simple_extent_ndims(space);
  if (header->rank < 0 || header->rank > H5_ARRAY_MAXIMUM_RANK) return h5_reader_failed(header);
  hsize_t extents[H5_ARRAY_MAXIMUM_RANK];
  if (header->rank > 0 && H5Sget_simple_extent_dims(space, extents, NULL) < 0) return h5_reader_failed(header);
  size_t bytes = H5Tget_size(memory);
  for (int axis = 0; axis < header->rank; axis++) {
    header->extents[axis] = extents[axis];
    if (__builtin_mul_overflow(bytes, (size_t)extents[axis], &bytes)) bytes = SIZE_MAX;
  }

  // A damaged header may claim any number of elements and of bytes stored, and HDF5 makes up what is missing. No filter
  // makes less than a thousandth of anything; views of other files hold nothing themselves.
  struct stat status;
  const hsize_t stored = H5Dget_storage_size(array);
  if (stat(path, &status) < 0) return H5_ARRAY_FAILED;
  const hsize_t held = stored < (hsize_t)status.st_size ? stored : (hsize_t)status.st_size;
  if (H5Pget_layout(creation) != H5D_VIRTUAL && bytes / 2048 > held + 512) {
    snprintf(
        header->reason, sizeof header->reason, "it claims %llu bytes, and %llu are stored", (unsigned long long)bytes,
        (unsigned long long)held);
    return H5_ARRAY_FAILED;
  }
  header->bytes = bytes;
  if (bytes == 0) return H5_ARRAY_READ;
  *numbers = malloc(bytes);
  if (*numbers == NULL) {
    snprintf(header->reason, sizeof header->reason, "there is no memory for its %llu bytes", (unsigned long long)bytes);
    return H5_ARRAY_FAILED;
  }
  return H5Dread(array, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, *numbers) < 0 ? h5_reader_failed(header) : H5_ARRAY_READ;
}

// Lets this process take so many bytes more than it has (where the system says how many these are), and leave no core file.
static void h5_reader_limit(uint64_t bytes) {
  const struct rlimit core = {0, 0};
  setrlimit(RLIMIT_CORE, &core);
  char text[64];
  const int descriptor = open("/proc/self/statm", O_RDONLY);
  const ssize_t count = descriptor < 0 ? 0 : read(descriptor, text, sizeof text - 1);
  if (count <= 0) return;
  text[count] = 0;
  const rlim_t all = (rlim_t)strtoull(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE) + bytes;
  const struct rlimit memory = {all, all};
  setrlimit(RLIMIT_AS, &memory);
}

int h5_reader_start(const char *path, const char *name, unsigned seconds, uint64_t bytes, pid_t *child) {
  int ends[2];
  // No program started meanwhile may keep the end to write to: the pipe would then not end with its process.
#ifdef __linux__
  if (pipe2(ends, O_CLOEXEC) < 0) return -1;
#else
  if (pipe(ends) < 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
#endif
  *child = fork();
  if (*child != 0) {
    const int reason = errno;
    close(ends[1]);
    if (*child < 0) close(ends[0]);
    errno = reason;
    return *child < 0 ? -1 : ends[0];
  }
  const int fatal[] = {SIGSEGV, SIGFPE, SIGBUS, SIGABRT, SIGILL, SIGALRM, SIGTRAP, SIGPIPE};
  for (size_t index = 0; index < sizeof fatal / sizeof *fatal; index++) signal(fatal[index], SIG_DFL);
  h5_reader_limit(bytes);
  alarm(seconds);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  h5_array_header header;
  memset(&header, 0, sizeof header);
  void *numbers = NULL;
  header.status = h5_reader_read_array(path, name, &header, &numbers);
  const bool isSent = h5_reader_send(ends[1], &header, sizeof header)
      && (header.status != H5_ARRAY_READ || h5_reader_send(ends[1], numbers, header.bytes));
  _exit(isSent ? 0 : 1);
}

bool h5_reader_finish(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
