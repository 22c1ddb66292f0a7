#include "SparseProducts.h"

#include <string.h>

// Examples are taken in panels of four vectors, whose sums stay in registers while a row's or a pair's nonzeros are walked. A tile of a panel is
// turned when it is packed, so that examples lie side by side, in the nearest cache and on whole cache lines.

#define ELEMENT float
#define SUFFIX float
#define LANES 16
#include "SparseProductsTemplate.h"
#undef ELEMENT
#undef SUFFIX
#undef LANES

#define ELEMENT double
#define SUFFIX double
#define LANES 8
#include "SparseProductsTemplate.h"
