#ifndef SPARSE_PRODUCTS_H
#define SPARSE_PRODUCTS_H

#include <stdint.h>

// Products with a sparse matrix, and transposition. All matrices are row-major; `n` is the length of the dense rows.

// Lists of places, one a row, cut into tiles by the other operand's rows: of list i the part in tile t is
// [start[t count + i], start[t count + i + 1]). A tile has
// LANDSCAPE_TILE rows of it: with four vectors of each they fit into the nearest cache.
#define LANDSCAPE_TILE 96

struct landscape_lists {
  int64_t count;
  // The other operand's rows, and the tiles that they make up.
  int64_t others;
  int64_t tiles;
  const int32_t *start;
  // The row of the other operand.
  const int32_t *other;
  // The place among the values.
  const int32_t *place;
};

#define LANDSCAPE_DECLARE(T, suffix)                                                                              \
  /* out[i] = sum over e in list i of values[place[e]] in[other[e]], rows of n. */                                \
  void landscape_sparse_product_##suffix(struct landscape_lists lists, const T *values, const T *in, int64_t n,   \
                                         T *out);                                                                 \
  /* values[place[e]] = a[i] . b[other[e]] for every e of every list i; other values are left alone. */           \
  void landscape_sampled_product_##suffix(struct landscape_lists lists, const T *a, const T *b, int64_t n,        \
                                          T *values);                                                             \
  /* y[j][i] = x[i][j]. */                                                                                        \
  void landscape_transpose_##suffix(int64_t rows, int64_t columns, const T *x, T *y);

LANDSCAPE_DECLARE(float, float)
LANDSCAPE_DECLARE(double, double)

#undef LANDSCAPE_DECLARE

#endif
