// Linked into the program alone: there is nothing to call.
#ifndef LANDSCAPE_SMALL_BLOCKS_H
#define LANDSCAPE_SMALL_BLOCKS_H

#endif
