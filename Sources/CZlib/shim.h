#ifndef LANDSCAPE_ZLIB_SHIM_H
#define LANDSCAPE_ZLIB_SHIM_H

#include <zlib.h>

#endif
