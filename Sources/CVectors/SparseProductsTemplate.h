// The functions for one number type; SparseProducts.c includes this for each.

#define PASTE2(a, b) a##_##b
#define PASTE(a, b) PASTE2(a, b)
#define NAME(name) PASTE(name, SUFFIX)
#define VECTOR NAME(vector)
#define INLINE static inline __attribute__((always_inline))
// Lists are short: the second loop of an unrolled one would be mispredicted as often as the first.
#define NOT_UNROLLED _Pragma("clang loop unroll(disable)")

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

// The sums of four vectors' lanes.
INLINE void NAME(lane_sums)(const VECTOR *x, ELEMENT *sums) {
#if LANES == 16
#define HALF(v) (v.lo + v.hi)
#else
#define HALF(v) v
#endif
  typedef ELEMENT eight __attribute__((ext_vector_type(8)));
  typedef ELEMENT four __attribute__((ext_vector_type(4)));
  const eight a = HALF(x[0]), b = HALF(x[1]), c = HALF(x[2]), d = HALF(x[3]);
  const four p = a.lo + a.hi, q = b.lo + b.hi, r = c.lo + c.hi, s = d.lo + d.hi;
  const four pq = __builtin_shufflevector(p, q, 0, 4, 1, 5) + __builtin_shufflevector(p, q, 2, 6, 3, 7);
  const four rs = __builtin_shufflevector(r, s, 0, 4, 1, 5) + __builtin_shufflevector(r, s, 2, 6, 3, 7);
  const four all = __builtin_shufflevector(pq, rs, 0, 1, 4, 5) + __builtin_shufflevector(pq, rs, 2, 3, 6, 7);
  memcpy(sums, &all, sizeof all);
#undef HALF
}

INLINE VECTOR NAME(inner)(const VECTOR *a, const VECTOR *b, const int count) {
  VECTOR sum = a[0] * b[0];
  for (int k = 1; k < count; k++) sum += a[k] * b[k];
  return sum;
}

// The samples of one row at four columns.
INLINE void NAME(sample_four)(const VECTOR *mine, const VECTOR *packed, const uint16_t *column, ELEMENT *sums,
                              const int count) {
  VECTOR sum[4];
  for (int i = 0; i < 4; i++) sum[i] = NAME(inner)(mine, NAME(column_at)(packed, column[i]), count);
  NAME(lane_sums)(sum, sums);
}

// The samples of one row in one tile.
INLINE void NAME(sample_row)(const struct landscape_sparse *matrix, const int32_t *start, const VECTOR *own,
                             const VECTOR *packed, ELEMENT *values, const int count, const int adds,
                             const int is_consecutive) {
  const uint16_t *column = matrix->column + start[0];
  const int32_t *place = matrix->place + start[0], length = start[1] - start[0];
  ELEMENT *consecutive = values + place[0];
  VECTOR mine[4];
  ELEMENT sums[4];
  for (int k = 0; k < count; k++) mine[k] = own[k];
  // The last four may be some of those before: what is set, and not added to, may be set twice.
  const int overlaps = !adds && length >= 4;
  NOT_UNROLLED for (int32_t next = 0; next + (overlaps ? 0 : 3) < length; next += 4) {
    const int32_t e = overlaps && next > length - 4 ? length - 4 : next;
    NAME(sample_four)(mine, packed, column + e, sums, count);
    if (is_consecutive && !adds) {
      memcpy(consecutive + e, sums, sizeof sums);
      continue;
    }
    for (int i = 0; i < 4; i++) {
      ELEMENT *value = values + place[e + i];
      *value = adds ? *value + sums[i] : sums[i];
    }
  }
  const int32_t e = length & ~3;
  if (overlaps || e == length) return;
  uint16_t last[4];
  for (int i = 0; i < 4; i++) last[i] = column[e + i < length ? e + i : e];
  NAME(sample_four)(mine, packed, last, sums, count);
  NOT_UNROLLED for (int i = 0; i < length - e; i++) {
    ELEMENT *value = values + place[e + i];
    *value = adds ? *value + sums[i] : sums[i];
  }
}

INLINE void NAME(sample_panel)(const struct landscape_sparse *matrix, const ELEMENT *a, const ELEMENT *b,
                               ELEMENT *values, const int64_t *at, const int count, const int64_t fresh, const int adds,
                               const int is_consecutive) {
  VECTOR packed[LANDSCAPE_TILE * 4];
  VECTOR own[LANDSCAPE_STRIP * 4];
  VECTOR counts = 1;
  // What the vector before the last holds already counts once.
  for (int64_t lane = 0; lane < LANES - fresh; lane++) counts[lane] = 0;
  for (int64_t first = 0; first < matrix->rows; first += LANDSCAPE_STRIP) {
    const int64_t strip = NAME(least)(LANDSCAPE_STRIP, matrix->rows - first);
    NAME(pack)(a, matrix->rows, first, strip, own, at, count);
    for (int64_t i = 0; i < strip; i++) own[i * 4 + count - 1] *= counts;
    for (int64_t tile = 0; tile < matrix->tiles; tile++) {
      const int64_t column = tile * LANDSCAPE_TILE;
      NAME(pack)(b, matrix->columns, column, NAME(least)(LANDSCAPE_TILE, matrix->columns - column), packed, at, count);
      const int32_t *start = matrix->start + tile * matrix->rows + first;
      for (int64_t i = 0; i < strip; i++, start++) {
        if (start[0] < start[1])
          NAME(sample_row)(matrix, start, own + i * 4, packed, values, count, adds, is_consecutive);
      }
    }
  }
}

// For fewer examples than a vector has lanes.
INLINE void NAME(sample_few)(const struct landscape_sparse *matrix, const ELEMENT *a, const ELEMENT *b, int64_t n,
                             ELEMENT *values) {
  for (int64_t tile = 0; tile < matrix->tiles; tile++) {
    for (int64_t row = 0; row < matrix->rows; row++) {
      const int32_t *start = matrix->start + tile * matrix->rows + row;
      for (int32_t e = start[0]; e < start[1]; e++) {
        const int64_t column = tile * LANDSCAPE_TILE + matrix->column[e] / LANDSCAPE_COLUMN_BYTES;
        ELEMENT sum = 0;
        for (int64_t k = 0; k < n; k++) sum += a[k * matrix->rows + row] * b[k * matrix->columns + column];
        values[matrix->place[e]] = sum;
      }
    }
  }
}

void NAME(landscape_sampled_product)(const struct landscape_sparse *matrix, const ELEMENT *a, const ELEMENT *b,
                                     int64_t n, ELEMENT *values) {
  if (n < LANES) {
    NAME(sample_few)(matrix, a, b, n, values);
    return;
  }
  for (int64_t start = 0; start < n; start += 4 * LANES) {
    int64_t at[4];
    const int count = NAME(panel)(start, n, at);
    const int64_t fresh = start + count * LANES <= n ? LANES : n - start - (count - 1) * LANES;
    // Up to 64 examples, as many as a batch mostly has, are a panel of their own.
    if (count == 4 && start == 0 && matrix->is_consecutive) {
      NAME(sample_panel)(matrix, a, b, values, at, 4, fresh, 0, 1);
      continue;
    }
    switch (count) {
      case 1: NAME(sample_panel)(matrix, a, b, values, at, 1, fresh, start > 0, 0); break;
      case 2: NAME(sample_panel)(matrix, a, b, values, at, 2, fresh, start > 0, 0); break;
      case 3: NAME(sample_panel)(matrix, a, b, values, at, 3, fresh, start > 0, 0); break;
      default: NAME(sample_panel)(matrix, a, b, values, at, 4, fresh, start > 0, 0);
    }
  }
}

void NAME(landscape_transpose)(int64_t rows, int64_t columns, const ELEMENT *x, ELEMENT *y) {
  NAME(turn)(rows, columns, x, columns, y, rows);
}

#undef PASTE2
#undef PASTE
#undef NAME
#undef VECTOR
#undef INLINE
#undef NOT_UNROLLED
