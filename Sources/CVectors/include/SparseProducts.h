#ifndef SPARSE_PRODUCTS_H
#define SPARSE_PRODUCTS_H

#include <stdint.h>

// Products of examples with a sparse matrix, and transposition. All matrices are row-major, an example a row; `n` counts
// examples.

// Lists of places, cut into tiles by the other operand's columns: of list i the part in tile t is
// [start[t count + i], start[t count + i + 1]). A tile has LANDSCAPE_TILE columns of it: with four vectors of each they fit
// into the nearest cache.
#define LANDSCAPE_TILE 112
// As many lists are gone through at a time: with four vectors of each they fit into the second cache, and on the stack.
#define LANDSCAPE_STRIP 512

struct landscape_lists {
  int64_t count;
  // The other operand's columns, and the tiles that they make up.
  int64_t others;
  int64_t tiles;
  const int32_t *start;
  // The column of the other operand.
  const int32_t *other;
  // The place among the values.
  const int32_t *place;
};

#define LANDSCAPE_DECLARE(T, suffix)                                                                              \
  /* y[k][i] = sum over e in list i of values[place[e]] x[k][other[e]], for every example k. */                  \
  void landscape_sparse_product_##suffix(struct landscape_lists lists, const T *values, const T *x, int64_t n,    \
                                         T *y);                                                                   \
  /* values[place[e]] = sum over k of a[k][i] b[k][other[e]], e in list i; other values are left alone. */         \
  void landscape_sampled_product_##suffix(struct landscape_lists lists, const T *a, const T *b, int64_t n,        \
                                          T *values);                                                             \
  /* y[j][i] = x[i][j]. */                                                                                        \
  void landscape_transpose_##suffix(int64_t rows, int64_t columns, const T *x, T *y);

LANDSCAPE_DECLARE(float, float)
LANDSCAPE_DECLARE(double, double)

#undef LANDSCAPE_DECLARE

#endif
