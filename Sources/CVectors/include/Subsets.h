#ifndef SUBSETS_H
#define SUBSETS_H

#include <stdint.h>

// Elements of a vector of `count` of which some are chosen: sixteen to a word of `chosen`, the lowest bit the first,
// `total` in all.

#define LANDSCAPE_DECLARE(T, suffix)                                                                              \
  /* y = the chosen elements of x, one after the other. */                                                        \
  void landscape_collect_##suffix(int64_t count, const uint16_t *chosen, int64_t total, const T *x, T *y);        \
  /* y = the elements of x in the places that are chosen, zero in the others. */                                  \
  void landscape_spread_##suffix(int64_t count, const uint16_t *chosen, int64_t total, const T *x, T *y);

LANDSCAPE_DECLARE(float, float)
LANDSCAPE_DECLARE(double, double)

#undef LANDSCAPE_DECLARE

#endif
