#ifndef ROWS_H
#define ROWS_H

#include <stdint.h>

// Row i of y is row rows[i] of x; a row has `size` bytes.
void landscape_gather_rows(const void *x, int64_t size, const int64_t *rows, int64_t count, void *y);

#endif
