#include "SparseProducts.h"

#include <string.h>

// Dense rows are taken in panels of four vectors, which stay in registers while a list is walked; the other operand's rows
// of a panel are packed tile by tile, so that walking finds them in the nearest cache and on whole cache lines.

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
