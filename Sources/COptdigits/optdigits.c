#include "optdigits.h"

#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char bytes[] = {
#embed "optdigits.csv.gz"
};

const unsigned char *landscape_optdigits_bytes(void) { return bytes; }
size_t landscape_optdigits_count(void) { return sizeof bytes; }
