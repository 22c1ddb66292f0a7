#ifndef CVECTORS_H
#define CVECTORS_H

#include "Rows.h"
#include "SparseProducts.h"
#include "Subsets.h"

// What the processor does with whole vectors and Swift does lane by lane: Swift's squareRoot() checks every lane's sign for
// the sake of errno.

typedef float landscape_floats __attribute__((ext_vector_type(16)));
typedef double landscape_doubles __attribute__((ext_vector_type(8)));

static inline __attribute__((always_inline)) landscape_floats landscape_roots_float(landscape_floats x) {
  return __builtin_elementwise_sqrt(x);
}

static inline __attribute__((always_inline)) landscape_doubles landscape_roots_double(landscape_doubles x) {
  return __builtin_elementwise_sqrt(x);
}

// The same in place, sixteen numbers at once, for loops that are generic over the number type.

typedef double landscape_doubles16 __attribute__((ext_vector_type(16)));

static inline __attribute__((always_inline)) void landscape_square_roots_float(float *x) {
  landscape_floats lanes;
  __builtin_memcpy(&lanes, x, sizeof lanes);
  lanes = __builtin_elementwise_sqrt(lanes);
  __builtin_memcpy(x, &lanes, sizeof lanes);
}

static inline __attribute__((always_inline)) void landscape_square_roots_double(double *x) {
  landscape_doubles16 lanes;
  __builtin_memcpy(&lanes, x, sizeof lanes);
  lanes = __builtin_elementwise_sqrt(lanes);
  __builtin_memcpy(x, &lanes, sizeof lanes);
}

// The larger of two numbers sixteen times, in the place of the first, which stays where it is not a number.

static inline __attribute__((always_inline)) void landscape_larger_float(float *x, const float *y) {
  landscape_floats a, b;
  __builtin_memcpy(&a, x, sizeof a);
  __builtin_memcpy(&b, y, sizeof b);
  a = b > a ? b : a;
  __builtin_memcpy(x, &a, sizeof a);
}

static inline __attribute__((always_inline)) void landscape_larger_double(double *x, const double *y) {
  landscape_doubles16 a, b;
  __builtin_memcpy(&a, x, sizeof a);
  __builtin_memcpy(&b, y, sizeof b);
  a = b > a ? b : a;
  __builtin_memcpy(x, &a, sizeof a);
}

// Whether this processor has the vectors for `landscape_product`.
int landscape_multiplies(void);

// C = op(A) op(B), or added to C where `add` is not 0, on row-major matrices; op(A) is rows x inner, op(B) inner x columns.
void landscape_product(
    int transpose_a, int transpose_b, long rows, long columns, long inner, const float *a, long stride_a,
    const float *b, long stride_b, float *c, long stride_c, int add);

#endif
