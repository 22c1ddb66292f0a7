#include "CVectors.h"

// Matrix products in Float32 with 512-bit vectors, in nothing but registers and a panel of B on the stack.
//
// A kernel holds up to 24 vectors of C in registers, `rows` times `vectors`, and goes through the inner extent once: each
// step loads `vectors` vectors of a row of B and multiplies them by one number of A for each row. A panel of B is 64 columns
// wide and stays in the second-level cache for all rows of A. Where the result is tall and narrow and A transposed, vectors
// run along A's rows instead. Benchmarks/NOTES.md has the figures.

#if defined(__x86_64__)
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f")))
#define UNROLLED _Pragma("clang loop unroll(full)")

enum { lanes = 16, panel_vectors = 4, panel_columns = panel_vectors * lanes, panel_depth = 400, narrow = 32, row_block = 1024 };

// Element (i, p) of op(A) is a[i * row + p * column]; element (p, j) of B is b[p * stride + j].
typedef struct {
  const float *a;
  long row, column;
  const float *b;
  long stride;
  long depth;
} operands;

static inline __attribute__((always_inline)) WIDE void accumulate(
    const int rows, const int vectors, const long row, const long column, const operands *o, float *c, long stride_c,
    int add, __mmask16 last) {
  __m512 sums[rows][vectors];
  UNROLLED for (int i = 0; i < rows; i++) {
    UNROLLED for (int j = 0; j < vectors; j++) {
      sums[i][j] = _mm512_setzero_ps();
      __builtin_prefetch(c + i * stride_c + j * lanes, 1);
    }
  }
  const float *a = o->a, *b = o->b;
  const long stride = o->stride;
  for (long p = 0; p < o->depth; p++, a += column, b += stride) {
    __m512 lines[vectors];
    UNROLLED for (int j = 0; j < vectors; j++)
      lines[j] = j + 1 < vectors ? _mm512_loadu_ps(b + j * lanes) : _mm512_maskz_loadu_ps(last, b + j * lanes);
    UNROLLED for (int i = 0; i < rows; i++) {
      const __m512 factor = _mm512_set1_ps(a[i * row]);
      UNROLLED for (int j = 0; j < vectors; j++) sums[i][j] = _mm512_fmadd_ps(factor, lines[j], sums[i][j]);
    }
  }
  UNROLLED for (int i = 0; i < rows; i++) {
    UNROLLED for (int j = 0; j < vectors; j++) {
      float *target = c + i * stride_c + j * lanes;
      const __mmask16 mask = j + 1 < vectors ? 0xffff : last;
      const __m512 before = add ? _mm512_maskz_loadu_ps(mask, target) : _mm512_setzero_ps();
      _mm512_mask_storeu_ps(target, mask, _mm512_add_ps(before, sums[i][j]));
    }
  }
}

typedef void (*kernel)(const operands *, float *, long, int, __mmask16);

// A's neighbours in a row or in a column lie side by side: the compiler is told which.
#define KERNEL(rows, vectors) \
  static WIDE void kernel_##rows##_##vectors(const operands *o, float *c, long stride_c, int add, __mmask16 last) { \
    if (o->column == 1) \
      accumulate(rows, vectors, o->row, 1, o, c, stride_c, add, last); \
    else \
      accumulate(rows, vectors, 1, o->column, o, c, stride_c, add, last); \
  }
KERNEL(16, 1) KERNEL(8, 1) KERNEL(4, 1) KERNEL(2, 1) KERNEL(1, 1)
KERNEL(12, 2) KERNEL(8, 2) KERNEL(4, 2) KERNEL(2, 2) KERNEL(1, 2)
KERNEL(8, 3) KERNEL(4, 3) KERNEL(2, 3) KERNEL(1, 3)
KERNEL(6, 4) KERNEL(4, 4) KERNEL(2, 4) KERNEL(1, 4)

// By number of vectors, the tallest kernel first.
static const struct {
  long rows;
  kernel run;
} kernels[panel_vectors][5] = {
    {{16, kernel_16_1}, {8, kernel_8_1}, {4, kernel_4_1}, {2, kernel_2_1}, {1, kernel_1_1}},
    {{12, kernel_12_2}, {8, kernel_8_2}, {4, kernel_4_2}, {2, kernel_2_2}, {1, kernel_1_2}},
    {{8, kernel_8_3}, {4, kernel_4_3}, {2, kernel_2_3}, {1, kernel_1_3}},
    {{6, kernel_6_4}, {4, kernel_4_4}, {2, kernel_2_4}, {1, kernel_1_4}},
};

static inline long least(long a, long b) { return a < b ? a : b; }

// All rows of one panel, at most 64 columns wide.
static void fill_panel(operands o, long rows, long columns, float *c, long stride_c, int add) {
  const long vectors = (columns + lanes - 1) / lanes;
  const __mmask16 last = (__mmask16)(0xffff >> (vectors * lanes - columns));
  for (int size = 0; rows > 0; size++) {
    const long count = kernels[vectors - 1][size].rows;
    for (; rows >= count; rows -= count) {
      kernels[vectors - 1][size].run(&o, c, stride_c, add, last);
      o.a += count * o.row;
      c += count * stride_c;
    }
  }
}

// The width of the next panel: a single vector is left to the end only where it is all there is.
static inline long next_panel(long columns) {
  return columns > panel_columns && columns <= panel_columns + lanes ? panel_columns - lanes
                                                                     : least(columns, panel_columns);
}

// Sixteen rows of sixteen numbers, transposed: blocks of 8, 4, 2, 1 across the diagonal change places.
static inline __attribute__((always_inline)) WIDE void transpose(__m512 x[lanes]) {
  const __m512i places = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  UNROLLED for (int size = lanes / 2; size > 0; size /= 2) {
    const __m512i shift = _mm512_set1_epi32(size);
    const __mmask16 upper = _mm512_test_epi32_mask(places, shift);
    const __m512i other = _mm512_set1_epi32(lanes);
    const __m512i low = _mm512_mask_add_epi32(places, upper, _mm512_sub_epi32(places, shift), other);
    const __m512i high = _mm512_mask_add_epi32(_mm512_add_epi32(places, shift), upper, places, other);
    UNROLLED for (int i = 0; i < lanes; i++) {
      if (i & size) continue;
      const __m512 a = x[i], b = x[i + size];
      x[i] = _mm512_permutex2var_ps(a, low, b);
      x[i + size] = _mm512_permutex2var_ps(a, high, b);
    }
  }
}

// The panel of B whose columns are the rows of `b`, transposed into rows of 64.
static WIDE void copy_transposed(const float *b, long stride, long depth, long columns, float *panel) {
  for (long j = 0; j < columns; j += lanes) {
    for (long p = 0; p < depth; p += lanes) {
      const long count = least(lanes, depth - p);
      const __mmask16 mask = (__mmask16)(0xffff >> (lanes - count));
      __m512 x[lanes];
      for (int i = 0; i < lanes; i++)
        x[i] = j + i < columns ? _mm512_maskz_loadu_ps(mask, b + (j + i) * stride + p) : _mm512_setzero_ps();
      transpose(x);
      for (long i = 0; i < count; i++) _mm512_store_ps(panel + (p + i) * panel_columns + j, x[i]);
    }
  }
}

static inline void copy_lines(const float *from, long stride, long count, long columns, float *panel) {
  for (long p = 0; p < count; p++)
    __builtin_memcpy(panel + p * panel_columns, from + p * stride, columns * sizeof(float));
}

// Panels of B for all rows of A. B's rows are read where they lie, unless A's and B's both lie so far apart that they get
// into each other's way in the caches.
static void multiply(
    const operands *given, int transpose_b, long rows, long columns, long inner, float *c, long stride_c, int add) {
  float panel[panel_depth * panel_columns] __attribute__((aligned(64)));
  const int is_copied = transpose_b || (given->row == 1 && rows >= 96 && given->stride >= 512);
  const long most = is_copied ? panel_depth : 2 * panel_depth, parts = (inner + most - 1) / most;
  operands o = *given;
  for (long part = 0; part < parts; part++) {
    const long start = inner * part / parts;
    o.depth = inner * (part + 1) / parts - start;
    o.a = given->a + start * o.column;
    for (long j = 0, width; j < columns; j += width) {
      width = next_panel(columns - j);
      if (transpose_b)
        copy_transposed(given->b + j * given->stride + start, given->stride, o.depth, width, panel);
      else if (is_copied)
        copy_lines(given->b + start * given->stride + j, given->stride, o.depth, width, panel);
      o.b = is_copied ? panel : given->b + start * given->stride + j;
      o.stride = is_copied ? panel_columns : given->stride;
      fill_panel(o, rows, width, c + j, stride_c, add || part > 0);
    }
  }
}

// For A transposed and few columns: the transposed result, of which 64 columns at a time lie on the stack.
static void multiply_narrow(
    const float *a, long stride_a, int transpose_b, const float *b, long stride_b, long rows, long columns, long inner,
    float *c, long stride_c, int add) {
  float result[narrow * panel_columns] __attribute__((aligned(64)));
  for (long i = 0, width; i < rows; i += width) {
    width = next_panel(rows - i);
    const operands o = {b, transpose_b ? stride_b : 1, transpose_b ? 1 : stride_b, a + i, stride_a, inner};
    fill_panel(o, columns, width, result, panel_columns, 0);
    for (long r = 0; r < width; r++) {
      float *target = c + (i + r) * stride_c;
      for (long j = 0; j < columns; j++)
        target[j] = (add ? target[j] : 0) + result[j * panel_columns + r];
    }
  }
}

int landscape_multiplies(void) { return __builtin_cpu_supports("avx512f") != 0; }

void landscape_product(
    int transpose_a, int transpose_b, long rows, long columns, long inner, const float *a, long stride_a,
    const float *b, long stride_b, float *c, long stride_c, int add) {
  if (transpose_a && columns < narrow && rows > columns) {
    multiply_narrow(a, stride_a, transpose_b, b, stride_b, rows, columns, inner, c, stride_c, add);
    return;
  }
  // So many rows of A at a time that they stay in the second-level cache while B's panels pass.
  for (long i = 0; i < rows; i += row_block) {
    const operands o = {
        a + i * (transpose_a ? 1 : stride_a), transpose_a ? 1 : stride_a, transpose_a ? stride_a : 1, b, stride_b, 0};
    multiply(&o, transpose_b, least(row_block, rows - i), columns, inner, c + i * stride_c, stride_c, add);
  }
}

#else

int landscape_multiplies(void) { return 0; }

void landscape_product(
    int transpose_a, int transpose_b, long rows, long columns, long inner, const float *a, long stride_a,
    const float *b, long stride_b, float *c, long stride_c, int add) {}

#endif
