// The functions for one number type; SparseProducts.c includes this for each.

#define PASTE2(a, b) a##_##b
#define PASTE(a, b) PASTE2(a, b)
#define NAME(name) PASTE(name, SUFFIX)
#define VECTOR NAME(vector)
#define INLINE static inline __attribute__((always_inline))

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

INLINE void NAME(add_panel)(struct landscape_lists lists, const ELEMENT *values, const ELEMENT *x, ELEMENT *y,
                            const int64_t *at, const int count) {
  VECTOR packed[LANDSCAPE_TILE * 4];
  VECTOR sums[LANDSCAPE_STRIP * 4];
  for (int64_t first = 0; first < lists.count; first += LANDSCAPE_STRIP) {
    const int64_t strip = NAME(least)(LANDSCAPE_STRIP, lists.count - first);
    if (lists.tiles == 0) memset(sums, 0, sizeof sums);
    for (int64_t tile = 0; tile < lists.tiles; tile++) {
      const int64_t other = tile * LANDSCAPE_TILE;
      NAME(pack)(x, lists.others, other, NAME(least)(LANDSCAPE_TILE, lists.others - other), packed, at, count);
      const int32_t *start = lists.start + tile * lists.count + first;
      for (int64_t i = 0; i < strip; i++) {
        if (tile > 0 && start[i] == start[i + 1]) continue;
        VECTOR sum[4];
        for (int k = 0; k < count; k++) sum[k] = tile == 0 ? (VECTOR)0 : sums[i * 4 + k];
        for (int32_t e = start[i]; e < start[i + 1]; e++) {
          const VECTOR weight = values[lists.place[e]];
          const VECTOR *row = packed + (lists.other[e] - other) * 4;
          for (int k = 0; k < count; k++) sum[k] += weight * row[k];
        }
        for (int k = 0; k < count; k++) sums[i * 4 + k] = sum[k];
      }
    }
    NAME(unpack)(sums, strip, y, lists.count, first, at, count);
  }
}

void NAME(landscape_sparse_product)(struct landscape_lists lists, const ELEMENT *values, const ELEMENT *x, int64_t n,
                                    ELEMENT *y) {
  if (n < LANES) {
    memset(y, 0, sizeof *y * lists.count * n);
    for (int64_t list = 0; list < lists.tiles * lists.count; list++)
      for (int32_t e = lists.start[list]; e < lists.start[list + 1]; e++)
        for (int64_t k = 0; k < n; k++)
          y[k * lists.count + list % lists.count] += values[lists.place[e]] * x[k * lists.others + lists.other[e]];
    return;
  }
  for (int64_t start = 0; start < n; start += 4 * LANES) {
    int64_t at[4];
    switch (NAME(panel)(start, n, at)) {
      case 1: NAME(add_panel)(lists, values, x, y, at, 1); break;
      case 2: NAME(add_panel)(lists, values, x, y, at, 2); break;
      case 3: NAME(add_panel)(lists, values, x, y, at, 3); break;
      default: NAME(add_panel)(lists, values, x, y, at, 4);
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

INLINE void NAME(sample_panel)(struct landscape_lists lists, const ELEMENT *a, const ELEMENT *b, ELEMENT *values,
                               const int64_t *at, const int count, const int64_t fresh, const int adds) {
  VECTOR packed[LANDSCAPE_TILE * 4];
  VECTOR own[LANDSCAPE_STRIP * 4];
  VECTOR counts = 1;
  // What the vector before the last holds already counts once.
  for (int64_t lane = 0; lane < LANES - fresh; lane++) counts[lane] = 0;
  for (int64_t first = 0; first < lists.count; first += LANDSCAPE_STRIP) {
    const int64_t strip = NAME(least)(LANDSCAPE_STRIP, lists.count - first);
    NAME(pack)(a, lists.count, first, strip, own, at, count);
    for (int64_t i = 0; i < strip; i++) own[i * 4 + count - 1] *= counts;
    for (int64_t tile = 0; tile < lists.tiles; tile++) {
      const int64_t other = tile * LANDSCAPE_TILE;
      NAME(pack)(b, lists.others, other, NAME(least)(LANDSCAPE_TILE, lists.others - other), packed, at, count);
      const int32_t *start = lists.start + tile * lists.count + first;
      const VECTOR *origin = packed - other * 4;
      for (int64_t i = 0; i < strip; i++) {
        const int32_t end = start[i + 1];
        int32_t e = start[i];
        if (e == end) continue;
        VECTOR mine[4], sum[4];
        ELEMENT sums[4];
        for (int k = 0; k < count; k++) mine[k] = own[i * 4 + k];
        for (; e + 4 <= end; e += 4) {
          for (int next = 0; next < 4; next++)
            sum[next] = NAME(inner)(mine, origin + (int64_t)lists.other[e + next] * 4, count);
          NAME(lane_sums)(sum, sums);
          for (int next = 0; next < 4; next++) {
            ELEMENT *value = values + lists.place[e + next];
            *value = adds ? *value + sums[next] : sums[next];
          }
        }
        if (e < end) {
          for (int next = 0; next < 4; next++)
            sum[next] = NAME(inner)(mine, origin + (int64_t)lists.other[e + next < end ? e + next : end - 1] * 4, count);
          NAME(lane_sums)(sum, sums);
          for (int next = 0; next < 4 && e + next < end; next++) {
            ELEMENT *value = values + lists.place[e + next];
            *value = adds ? *value + sums[next] : sums[next];
          }
        }
      }
    }
  }
}

void NAME(landscape_sampled_product)(struct landscape_lists lists, const ELEMENT *a, const ELEMENT *b, int64_t n,
                                     ELEMENT *values) {
  if (n < LANES) {
    for (int64_t list = 0; list < lists.tiles * lists.count; list++)
      for (int32_t e = lists.start[list]; e < lists.start[list + 1]; e++) {
        ELEMENT sum = 0;
        for (int64_t k = 0; k < n; k++)
          sum += a[k * lists.count + list % lists.count] * b[k * lists.others + lists.other[e]];
        values[lists.place[e]] = sum;
      }
    return;
  }
  for (int64_t start = 0; start < n; start += 4 * LANES) {
    int64_t at[4];
    const int count = NAME(panel)(start, n, at);
    const int64_t fresh = start + count * LANES <= n ? LANES : n - start - (count - 1) * LANES;
    switch (count) {
      case 1: NAME(sample_panel)(lists, a, b, values, at, 1, fresh, start > 0); break;
      case 2: NAME(sample_panel)(lists, a, b, values, at, 2, fresh, start > 0); break;
      case 3: NAME(sample_panel)(lists, a, b, values, at, 3, fresh, start > 0); break;
      default: NAME(sample_panel)(lists, a, b, values, at, 4, fresh, start > 0);
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
