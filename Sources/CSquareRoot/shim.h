#ifndef LANDSCAPE_SQUARE_ROOT_H
#define LANDSCAPE_SQUARE_ROOT_H

// Square roots of sixteen numbers at once, in place and correctly rounded.
//
// Swift's own `squareRoot()` calls the C library wherever the argument might be negative (for errno), which keeps a loop
// from being vectorized. This builtin has no errno.

typedef float landscape_float16 __attribute__((ext_vector_type(16)));
typedef double landscape_double16 __attribute__((ext_vector_type(16)));

static inline __attribute__((always_inline)) void landscape_square_roots_float(float *x) {
  landscape_float16 lanes;
  __builtin_memcpy(&lanes, x, sizeof lanes);
  lanes = __builtin_elementwise_sqrt(lanes);
  __builtin_memcpy(x, &lanes, sizeof lanes);
}

static inline __attribute__((always_inline)) void landscape_square_roots_double(double *x) {
  landscape_double16 lanes;
  __builtin_memcpy(&lanes, x, sizeof lanes);
  lanes = __builtin_elementwise_sqrt(lanes);
  __builtin_memcpy(x, &lanes, sizeof lanes);
}

#endif
