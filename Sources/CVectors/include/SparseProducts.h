#ifndef SPARSE_PRODUCTS_H
#define SPARSE_PRODUCTS_H

#include <stdint.h>

// Products of examples with a sparse matrix, and transposition. All matrices are row-major, an example a row; `n` counts
// examples.

// A matrix's columns are cut into tiles: with four vectors of each column's examples a tile fits into the nearest cache.
#define LANDSCAPE_TILE 112
// As many rows are gone through at a time, an even number: with four vectors of each they fit into the second cache, and on
// the stack.
#define LANDSCAPE_STRIP 800
// What four vectors of a column's examples take.
#define LANDSCAPE_COLUMN_BYTES 256

// The nonzeros of a matrix in lists, once for each row and once for each pair of rows 2 p and 2 p + 1. A column is given by
// where its examples begin in a packed tile, in bytes; a place is one among the values.
struct landscape_sparse {
  int64_t rows, columns, tiles;
  // Of row r the part in tile t is [start[t rows + r], start[t rows + r + 1]).
  const int32_t *start;
  const uint16_t *column;
  const int32_t *place;
  // Whether the places of every list are consecutive.
  int is_consecutive;
  // Of pair p three lists follow each other in tile t, from start[3 (t pairs + p)]: columns that both rows have, and
  // those of either alone.
  int64_t pairs;
  const int32_t *pair_start;
  const uint16_t *pair_column;
  const int32_t *pair_place;
  // Of a column that both have, the place of the second row.
  const int32_t *second_place;
};

#define LANDSCAPE_DECLARE(T, suffix)                                                                              \
  /* y[k][r] = sum over row r's nonzeros of value times x[k][column], for every example k. */                     \
  void landscape_sparse_product_##suffix(const struct landscape_sparse *matrix, const T *values, const T *x,      \
                                         int64_t n, T *y);                                                        \
  /* value of row r and a column = sum over k of a[k][r] b[k][column]; other values are left alone. */            \
  void landscape_sampled_product_##suffix(const struct landscape_sparse *matrix, const T *a, const T *b,          \
                                          int64_t n, T *values);                                                  \
  /* y[j][i] = x[i][j]. */                                                                                        \
  void landscape_transpose_##suffix(int64_t rows, int64_t columns, const T *x, T *y);

LANDSCAPE_DECLARE(float, float)
LANDSCAPE_DECLARE(double, double)

#undef LANDSCAPE_DECLARE

#endif
