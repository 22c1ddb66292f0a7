// A' B at a sparse matrix's nonzeros. SparseProducts.c includes this for each number type.

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
