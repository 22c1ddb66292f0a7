// A driver of HDF5 for reading alone. HDF5's usual one gathers what it knows of a file's structure in a buffer, whose code
// in 1.10 believes addresses of damaged files and copies from where nothing is. This one has no such buffer, and reads
// nothing that lies outside the file.
#include "CHDF5Reader.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

static int fill(const h5_reader *reader, haddr_t address, size_t size, void *buffer) {
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

static uint64_t little(const unsigned char *bytes, int count) {
  uint64_t value = 0;
  while (count-- > 0) value = value << 8 | bytes[count];
  return value;
}

// Whether the objects of a global heap's collection lie within it; texts of variable length are copied from there by sizes
// that HDF5 1.10 believes. The header's and each object's head take 16 bytes: index (2), uses (2), zeros (4), size (8).
static int is_sound_collection(const h5_reader *reader, haddr_t address, const unsigned char *head) {
  enum { head_size = 16 };
  const uint64_t size = little(head + 8, 8);
  if (size < head_size || address > reader->end || size > reader->end - address) return 0;
  uint64_t offset = head_size;
  while (size - offset >= head_size) {
    unsigned char object[head_size];
    if (fill(reader, address + offset, head_size, object) < 0) return 0;
    const uint64_t left = size - offset, bytes = little(object + 8, 8);
    // Object 0 is the free space, which takes the rest, its own head included.
    if (little(object, 2) == 0) return bytes <= left;
    if (bytes > left - head_size) return 0;
    const uint64_t padded = (bytes + 7) / 8 * 8;
    offset += head_size + (padded < left - head_size ? padded : left - head_size);
  }
  return 1;
}

static herr_t h5_reader_read(
    H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size, void *buffer) {
  (void)type;
  (void)transfer;
  static const unsigned char signature[8] = {'G', 'C', 'O', 'L', 1, 0, 0, 0};
  const h5_reader *reader = (const h5_reader *)file;
  if (fill(reader, address, size, buffer) < 0) return -1;
  if (size < 16 || memcmp(buffer, signature, sizeof signature) != 0) return 0;
  return is_sound_collection(reader, address, (const unsigned char *)buffer) ? 0 : -1;
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
