#include "Rows.h"

#include <string.h>

// Rows from anywhere come from main memory, and no processor guesses the next one: three rows ahead are asked for, into the
// second-level cache. Of a long row that is its beginning; the rest follows in order, which processors do guess.

enum { rows_ahead = 3, bytes_ahead = 1 << 14, line = 64 };

static inline void expect(const char *row, int64_t size) {
  const int64_t most = size < bytes_ahead ? size : bytes_ahead;
  for (int64_t at = 0; at < most; at += line) __builtin_prefetch(row + at, 0, 2);
}

void landscape_gather_rows(const void *x, int64_t size, const int64_t *rows, int64_t count, void *y) {
  const char *from = x;
  char *to = y;
  for (int64_t i = 0; i < count && i < rows_ahead; i++) expect(from + rows[i] * size, size);
  for (int64_t i = 0; i < count; i++) {
    if (i + rows_ahead < count) expect(from + rows[i + rows_ahead] * size, size);
    memcpy(to + i * size, from + rows[i] * size, size);
  }
}
