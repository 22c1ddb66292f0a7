// The program's way into a parallel region of GNU's OpenMP: one of a single thread is called at once.
//
// libgomp describes the team of each region in a block of 1,568 bytes, even where the team is one thread, and gives it back:
// 20 times in a training step of ResNet-20, as oneDNN computes wide convolutions by Winograd's algorithm. Code that is
// outside of all regions is a team of one thread already, to which its number, its size and its barriers are the same, so
// that no team is needed. Regions of several threads, and those within others, go to libgomp.
//
// The symbol has libgomp's version, for else a linker has no cause to let libdnnl.so see it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

#ifdef __GLIBC__

typedef void (*region)(void (*run)(void *), void *data, unsigned threads, unsigned flags);

static region open_region;
static int (*most_threads)(void);
static int (*level)(void);

__attribute__((constructor)) static void find(void) {
  *(void **)&open_region = dlvsym(RTLD_NEXT, "GOMP_parallel", "GOMP_4.0");
  *(void **)&most_threads = dlsym(RTLD_DEFAULT, "omp_get_max_threads");
  *(void **)&level = dlsym(RTLD_DEFAULT, "omp_get_level");
}

__asm__(".symver GOMP_parallel, GOMP_parallel@GOMP_4.0");

__attribute__((visibility("default"), used, retain)) void GOMP_parallel(
    void (*run)(void *), void *data, unsigned threads, unsigned flags) {
  // 0 stands for as many as there may be.
  const int is_single = threads == 1 || (threads == 0 && most_threads && most_threads() == 1);
  if (is_single && level && level() == 0) return run(data);
  if (!open_region) abort();
  open_region(run, data, threads, flags);
}

#endif
