// A target has a source file; all there is to it is in the header.
#include "CVectors.h"
