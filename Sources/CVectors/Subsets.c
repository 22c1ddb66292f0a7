#include "Subsets.h"

// Element by element, without a branch that masks by chance would mislead.

#define DEFINE(T, suffix)                                                                                          \
  static void collect_##suffix(int64_t first, int64_t count, const uint16_t *chosen, int64_t at, int64_t total,   \
                               const T *x, T *y) {                                                                \
    for (int64_t i = first; i < count && at < total; i++) {                                                       \
      y[at] = x[i];                                                                                               \
      at += chosen[i / 16] >> i % 16 & 1;                                                                         \
    }                                                                                                             \
  }                                                                                                               \
  static void spread_##suffix(int64_t first, int64_t count, const uint16_t *chosen, int64_t at, int64_t total,    \
                              const T *x, T *y) {                                                                 \
    for (int64_t i = first; i < count; i++) {                                                                     \
      const int is_chosen = chosen[i / 16] >> i % 16 & 1;                                                         \
      y[i] = is_chosen ? x[at] : 0;                                                                               \
      at += is_chosen;                                                                                            \
    }                                                                                                             \
  }

DEFINE(float, float)
DEFINE(double, double)

void landscape_collect_double(int64_t count, const uint16_t *chosen, int64_t total, const double *x, double *y) {
  collect_double(0, count, chosen, 0, total, x, y);
}

void landscape_spread_double(int64_t count, const uint16_t *chosen, int64_t total, const double *x, double *y) {
  spread_double(0, count, chosen, 0, total, x, y);
}

#if defined(__AVX512F__)
#include <immintrin.h>

// Sixteen at once, by the instructions that close the gaps in a register and open them. They stop short of the last ones,
// so that no vector reaches beyond the shorter operand.

void landscape_collect_float(int64_t count, const uint16_t *chosen, int64_t total, const float *x, float *y) {
  int64_t at = 0, i = 0;
  for (; i + 16 <= count && at + 16 <= total; i += 16) {
    _mm512_storeu_ps(y + at, _mm512_maskz_compress_ps(chosen[i / 16], _mm512_loadu_ps(x + i)));
    at += __builtin_popcount(chosen[i / 16]);
  }
  collect_float(i, count, chosen, at, total, x, y);
}

void landscape_spread_float(int64_t count, const uint16_t *chosen, int64_t total, const float *x, float *y) {
  int64_t at = 0, i = 0;
  for (; i + 16 <= count && at + 16 <= total; i += 16) {
    _mm512_storeu_ps(y + i, _mm512_maskz_expand_ps(chosen[i / 16], _mm512_loadu_ps(x + at)));
    at += __builtin_popcount(chosen[i / 16]);
  }
  spread_float(i, count, chosen, at, total, x, y);
}
#else
void landscape_collect_float(int64_t count, const uint16_t *chosen, int64_t total, const float *x, float *y) {
  collect_float(0, count, chosen, 0, total, x, y);
}

void landscape_spread_float(int64_t count, const uint16_t *chosen, int64_t total, const float *x, float *y) {
  spread_float(0, count, chosen, 0, total, x, y);
}
#endif
