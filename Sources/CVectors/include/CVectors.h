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

#endif
