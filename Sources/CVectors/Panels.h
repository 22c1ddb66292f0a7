// Panels of examples, side by side. SparseProducts.c includes this for each number type.

typedef ELEMENT VECTOR __attribute__((ext_vector_type(LANES)));

// Where the vectors of the panel from `start` begin: four at most, the last one drawn back to end with the examples.
INLINE int NAME(panel)(int64_t start, int64_t n, int64_t *at) {
  int count = 0;
  for (int64_t place = start; place < n && count < 4; place += LANES) at[count++] = place <= n - LANES ? place : n - LANES;
  return count;
}

// A square of eight by eight is turned in registers: three rounds that interleave rows i and i + 4 exchange its axes.
INLINE void NAME(transpose_square)(const ELEMENT *x, int64_t stride, ELEMENT *y, int64_t turnedStride) {
  typedef ELEMENT eight __attribute__((ext_vector_type(8)));
  eight row[8], next[8];
  for (int i = 0; i < 8; i++) memcpy(&row[i], x + i * stride, sizeof row[i]);
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 4; i++) {
      next[2 * i] = __builtin_shufflevector(row[i], row[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
      next[2 * i + 1] = __builtin_shufflevector(row[i], row[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
    }
    for (int i = 0; i < 8; i++) row[i] = next[i];
  }
  for (int i = 0; i < 8; i++) memcpy(y + i * turnedStride, &row[i], sizeof row[i]);
}

// y[j][i] = x[i][j], in rows of these strides.
INLINE void NAME(turn)(int64_t rows, int64_t columns, const ELEMENT *x, int64_t stride, ELEMENT *y,
                       int64_t turnedStride) {
  const int64_t wholeRows = rows & ~7, wholeColumns = columns & ~7;
  for (int64_t i = 0; i < wholeRows; i += 8) {
    for (int64_t j = 0; j < wholeColumns; j += 8)
      NAME(transpose_square)(x + i * stride + j, stride, y + j * turnedStride + i, turnedStride);
    for (int64_t j = wholeColumns; j < columns; j++)
      for (int64_t k = i; k < i + 8; k++) y[j * turnedStride + k] = x[k * stride + j];
  }
  for (int64_t i = wholeRows; i < rows; i++)
    for (int64_t j = 0; j < columns; j++) y[j * turnedStride + i] = x[i * stride + j];
}

// A panel of a matrix's rows with the examples side by side: packed[4 i + k] is column first + i of the rows from at[k].
INLINE void NAME(pack)(const ELEMENT *x, int64_t width, int64_t first, int64_t columns, VECTOR *packed,
                       const int64_t *at, const int count) {
  for (int k = 0; k < count; k++)
    NAME(turn)(LANES, columns, x + at[k] * width + first, width, (ELEMENT *)(packed + k), 4 * LANES);
}

// The reverse.
INLINE void NAME(unpack)(const VECTOR *packed, int64_t columns, ELEMENT *y, int64_t width, int64_t first,
                         const int64_t *at, const int count) {
  for (int k = 0; k < count; k++)
    NAME(turn)(columns, LANES, (const ELEMENT *)(packed + k), 4 * LANES, y + at[k] * width + first, width);
}

INLINE int64_t NAME(least)(int64_t a, int64_t b) { return a < b ? a : b; }

// The vectors of the column that begins so many bytes behind `packed`.
INLINE const VECTOR *NAME(column_at)(const VECTOR *packed, uint16_t offset) {
  return (const VECTOR *)((const char *)packed + offset);
}

void NAME(landscape_transpose)(int64_t rows, int64_t columns, const ELEMENT *x, ELEMENT *y) {
  NAME(turn)(rows, columns, x, columns, y, rows);
}
