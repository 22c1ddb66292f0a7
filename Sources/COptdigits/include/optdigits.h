// The UCI data set "Optical Recognition of Handwritten Digits" (Alpaydin & Kaynak 1998, CC BY 4.0), as gzipped CSV inside
// the program, so that it is found wherever the program is run from.
#ifndef LANDSCAPE_OPTDIGITS_H
#define LANDSCAPE_OPTDIGITS_H

#include <stddef.h>

const unsigned char *landscape_optdigits_bytes(void);
size_t landscape_optdigits_count(void);

#endif
