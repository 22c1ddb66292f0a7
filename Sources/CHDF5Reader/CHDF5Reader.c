// A driver of HDF5 for reading alone. HDF5's usual one gathers what it knows of a file's structure in a buffer, whose code
// in 1.10 believes addresses of damaged files and copies from where nothing is. This one has no such buffer, and reads
// nothing that lies outside the file.
#include "CHDF5Reader.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  H5FD_t pub;
  int descriptor;
  haddr_t end;
  haddr_t allocated;
  dev_t device;
  ino_t node;
} h5_reader;

static H5FD_t *h5_reader_open(const char *name, unsigned flags, hid_t access, haddr_t maximum) {
  (void)access;
  (void)maximum;
  if (flags & (H5F_ACC_RDWR | H5F_ACC_CREAT | H5F_ACC_TRUNC)) return NULL;
  struct stat status;
  const int descriptor = open(name, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return NULL;
  h5_reader *reader = (h5_reader *)calloc(1, sizeof *reader);
  if (reader == NULL || fstat(descriptor, &status) < 0) {
    free(reader);
    close(descriptor);
    return NULL;
  }
  reader->descriptor = descriptor;
  reader->end = (haddr_t)status.st_size;
  reader->device = status.st_dev;
  reader->node = status.st_ino;
  return &reader->pub;
}

static herr_t h5_reader_close(H5FD_t *file) {
  h5_reader *reader = (h5_reader *)file;
  const int status = close(reader->descriptor);
  free(reader);
  return status < 0 ? -1 : 0;
}

static int h5_reader_compare(const H5FD_t *first, const H5FD_t *second) {
  const h5_reader *a = (const h5_reader *)first, *b = (const h5_reader *)second;
  if (a->device != b->device) return a->device < b->device ? -1 : 1;
  return a->node == b->node ? 0 : a->node < b->node ? -1 : 1;
}

static herr_t h5_reader_query(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  if (flags != NULL) *flags = 0;
  return 0;
}

static haddr_t h5_reader_get_eoa(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const h5_reader *)file)->allocated;
}

static herr_t h5_reader_set_eoa(H5FD_t *file, H5FD_mem_t type, haddr_t address) {
  (void)type;
  ((h5_reader *)file)->allocated = address;
  return 0;
}

static haddr_t h5_reader_get_eof(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const h5_reader *)file)->end;
}

static herr_t h5_reader_read(
    H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size, void *buffer) {
  (void)type;
  (void)transfer;
  const h5_reader *reader = (const h5_reader *)file;
  if (address > reader->end || size > reader->end - address) return -1;
  char *place = (char *)buffer;
  while (size > 0) {
    const ssize_t count = pread(reader->descriptor, place, size, (off_t)address);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return -1;
    place += count;
    address += (haddr_t)count;
    size -= (size_t)count;
  }
  return 0;
}

static herr_t h5_reader_write(
    H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size, const void *buffer) {
  (void)file;
  (void)type;
  (void)transfer;
  (void)address;
  (void)size;
  (void)buffer;
  return -1;
}

// The driver's identifier; it is registered when first asked for. The caller keeps other threads out of HDF5.
int64_t h5_reader_driver(void) {
  static const H5FD_class_t reader_class = {
#ifdef H5FD_CLASS_VERSION
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)600,
#endif
    .name = "landscape-reader",
    .maxaddr = ((haddr_t)1 << 62),
    .fc_degree = H5F_CLOSE_STRONG,
    .open = h5_reader_open,
    .close = h5_reader_close,
    .cmp = h5_reader_compare,
    .query = h5_reader_query,
    .get_eoa = h5_reader_get_eoa,
    .set_eoa = h5_reader_set_eoa,
    .get_eof = h5_reader_get_eof,
    .read = h5_reader_read,
    .write = h5_reader_write,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
  };
  static hid_t identifier = -1;
  if (identifier < 0) identifier = H5FDregister(&reader_class);
  return identifier;
}

// What reading an array goes through, without its result.
static void h5_reader_try(const char *path, const char *name) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_driver(access, (hid_t)h5_reader_driver(), NULL);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
  if (file < 0) return;
  const hid_t array = H5Oopen(file, name, H5P_DEFAULT);
  if (array < 0 || H5Iget_type(array) != H5I_DATASET) return;
  const hid_t type = H5Dget_type(array), space = H5Dget_space(array), creation = H5Dget_create_plist(array);
  if (type < 0 || space < 0 || creation < 0) return;
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  const hsize_t stored = H5Dget_storage_size(array);
  const H5T_class_t kind = H5Tget_class(type);
  // The reader proper refuses what is not numbers and what claims far more than is stored.
  if (count <= 0 || stored == 0 || (kind != H5T_INTEGER && kind != H5T_FLOAT) || (hsize_t)count > 2000 * stored) return;
  void *numbers = malloc((size_t)count * sizeof(double));
  if (numbers != NULL) H5Dread(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers);
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

bool h5_reader_survives(const char *path, const char *name, unsigned seconds, uint64_t bytes) {
  const pid_t child = fork();
  if (child < 0) return true;
  if (child == 0) {
    const int fatal[] = {SIGSEGV, SIGFPE, SIGBUS, SIGABRT, SIGILL, SIGALRM, SIGTRAP};
    for (size_t index = 0; index < sizeof fatal / sizeof *fatal; index++) signal(fatal[index], SIG_DFL);
    h5_reader_limit(bytes);
    alarm(seconds);
    h5_reader_try(path, name);
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
