#include "SparseProducts.h"

#include <string.h>

// Examples are taken in panels of four vectors, whose sums stay in registers while a row's or a pair's nonzeros are walked.
// A tile of a panel is turned when it is packed, so that examples lie side by side, in the nearest cache and on whole cache
// lines.

#define PASTE2(a, b) a##_##b
#define PASTE(a, b) PASTE2(a, b)
#define NAME(name) PASTE(name, SUFFIX)
#define VECTOR NAME(vector)
#define INLINE static inline __attribute__((always_inline))
// Lists are short: the second loop of an unrolled one would be mispredicted as often as the first.
#define NOT_UNROLLED _Pragma("clang loop unroll(disable)")

#define ELEMENT float
#define SUFFIX float
#define LANES 16
#include "Panels.h"
#include "SparseProduct.h"
#include "SampledProduct.h"
#undef ELEMENT
#undef SUFFIX
#undef LANES

#define ELEMENT double
#define SUFFIX double
#define LANES 8
#include "Panels.h"
#include "SparseProduct.h"
#include "SampledProduct.h"
