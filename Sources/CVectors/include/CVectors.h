#ifndef CVECTORS_H
#define CVECTORS_H

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

#endif
