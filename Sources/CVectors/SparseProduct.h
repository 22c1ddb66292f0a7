// Y = X S'. SparseProducts.c includes this for each number type.

// A vector of examples that is loaded for a column serves both rows of a pair that have it: loading limits these sums, not
// arithmetic.
INLINE void NAME(add_pair)(const struct landscape_sparse *matrix, const int32_t *start, const ELEMENT *values,
                           const VECTOR *packed, VECTOR *first, VECTOR *second, const int count, const int is_new) {
  VECTOR a[4], b[4];
  for (int k = 0; k < count; k++) {
    a[k] = is_new ? (VECTOR)0 : first[k];
    b[k] = is_new ? (VECTOR)0 : second[k];
  }
  NOT_UNROLLED for (int32_t e = start[0]; e < start[1]; e++) {
    const VECTOR weight = values[matrix->pair_place[e]], other = values[matrix->second_place[e]];
    const VECTOR *x = NAME(column_at)(packed, matrix->pair_column[e]);
    for (int k = 0; k < count; k++) {
      const VECTOR examples = x[k];
      a[k] += weight * examples;
      b[k] += other * examples;
    }
  }
  NOT_UNROLLED for (int32_t e = start[1]; e < start[2]; e++) {
    const VECTOR weight = values[matrix->pair_place[e]];
    const VECTOR *x = NAME(column_at)(packed, matrix->pair_column[e]);
    for (int k = 0; k < count; k++) a[k] += weight * x[k];
  }
  NOT_UNROLLED for (int32_t e = start[2]; e < start[3]; e++) {
    const VECTOR weight = values[matrix->pair_place[e]];
    const VECTOR *x = NAME(column_at)(packed, matrix->pair_column[e]);
    for (int k = 0; k < count; k++) b[k] += weight * x[k];
  }
  for (int k = 0; k < count; k++) first[k] = a[k], second[k] = b[k];
}

INLINE void NAME(add_panel)(const struct landscape_sparse *matrix, const ELEMENT *values, const ELEMENT *x, ELEMENT *y,
                            const int64_t *at, const int count) {
  VECTOR packed[LANDSCAPE_TILE * 4];
  VECTOR sums[LANDSCAPE_STRIP * 4];
  for (int64_t first = 0; first < matrix->rows; first += LANDSCAPE_STRIP) {
    const int64_t strip = NAME(least)(LANDSCAPE_STRIP, matrix->rows - first);
    if (matrix->tiles == 0) memset(sums, 0, sizeof sums);
    for (int64_t tile = 0; tile < matrix->tiles; tile++) {
      const int64_t column = tile * LANDSCAPE_TILE;
      NAME(pack)(x, matrix->columns, column, NAME(least)(LANDSCAPE_TILE, matrix->columns - column), packed, at, count);
      const int32_t *start = matrix->pair_start + 3 * (tile * matrix->pairs + first / 2);
      for (int64_t i = 0; i < strip; i += 2, start += 3)
        if (start[0] < start[3] || tile == 0)
          NAME(add_pair)(matrix, start, values, packed, sums + i * 4, sums + (i + 1) * 4, count, tile == 0);
    }
    NAME(unpack)(sums, strip, y, matrix->rows, first, at, count);
  }
}

// For fewer examples than a vector has lanes.
INLINE void NAME(add_few)(const struct landscape_sparse *matrix, const ELEMENT *values, const ELEMENT *x, int64_t n,
                          ELEMENT *y) {
  memset(y, 0, sizeof *y * matrix->rows * n);
  for (int64_t tile = 0; tile < matrix->tiles; tile++) {
    for (int64_t row = 0; row < matrix->rows; row++) {
      const int32_t *start = matrix->start + tile * matrix->rows + row;
      for (int32_t e = start[0]; e < start[1]; e++) {
        const int64_t column = tile * LANDSCAPE_TILE + matrix->column[e] / LANDSCAPE_COLUMN_BYTES;
        for (int64_t k = 0; k < n; k++)
          y[k * matrix->rows + row] += values[matrix->place[e]] * x[k * matrix->columns + column];
      }
    }
  }
}

void NAME(landscape_sparse_product)(const struct landscape_sparse *matrix, const ELEMENT *values, const ELEMENT *x,
                                    int64_t n, ELEMENT *y) {
  if (n < LANES) {
    NAME(add_few)(matrix, values, x, n, y);
    return;
  }
  for (int64_t start = 0; start < n; start += 4 * LANES) {
    int64_t at[4];
    switch (NAME(panel)(start, n, at)) {
      case 1: NAME(add_panel)(matrix, values, x, y, at, 1); break;
      case 2: NAME(add_panel)(matrix, values, x, y, at, 2); break;
      case 3: NAME(add_panel)(matrix, values, x, y, at, 3); break;
      default: NAME(add_panel)(matrix, values, x, y, at, 4);
    }
  }
}
