// Linked into the program alone: there is nothing to call.
#ifndef LANDSCAPE_STEADY_MEMORY_H
#define LANDSCAPE_STEADY_MEMORY_H

#endif
