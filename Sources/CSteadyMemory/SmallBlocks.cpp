// The program's operator new and delete: small blocks that are given back are kept for the next who asks.
//
// oneDNN describes each of its calls to itself in a few small objects, some forty of them in a training step of LeNet-5, and
// offers no way round. They always have the same few sizes, so that lists of blocks serve them: a step then takes no memory
// from the system. What the C++ standard lets a program replace, the program replaces, and libdnnl.so and libstdc++.so find
// it first; a library that is linked into others' programs must not, so none of the package's libraries holds this.
//
// Blocks come from malloc and may go to free: one that was made elsewhere may come here, and one of here may end elsewhere.
// Each thread has lists of its own, one for each 16 bytes of size, of bounded length, and frees them when it ends. Nothing is
// shared, so there is no lock and nothing to mend in the child of a fork. Left out under sanitizers, which have to see each
// call, and where there is no glibc, with which it is tested.
#include <cstdlib>

#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(memory_sanitizer) \
    && !__has_feature(thread_sanitizer)

#include <malloc.h>

#include <new>

namespace {

constexpr std::size_t grain = 16, largest = 256;
constexpr unsigned longest = 32;

struct Block {
  Block *next;
};

// Blocks of at least grain * class bytes. Has no constructor, so that the first use takes no memory.
struct Lists {
  Block *first[largest / grain + 1];
  unsigned length[largest / grain + 1];
  // Whether the thread's end will free the lists, and whether it has.
  bool isOpen, isClosed;
};

thread_local Lists lists;

struct Closing {
  ~Closing() {
    lists.isClosed = true;
    for (Block *&first : lists.first) {
      while (Block *block = first) {
        first = block->next;
        std::free(block);
      }
    }
  }
};

// Whether the calling thread can keep blocks: from its first one on, until its end.
bool canKeep() {
  if (__builtin_expect(!lists.isOpen, false)) {
    lists.isOpen = true;
    static thread_local Closing closing;
  }
  return !lists.isClosed;
}

void *taken(std::size_t bytes) {
  const std::size_t wanted = (bytes + grain - 1) / grain;
  if (Block *block = lists.first[wanted]) {
    lists.first[wanted] = block->next;
    lists.length[wanted]--;
    return block;
  }
  return std::malloc(wanted * grain);
}

void give(void *memory) {
  if (!memory) return;
  const std::size_t held = malloc_usable_size(memory) / grain;
  if (held > largest / grain || lists.length[held] >= longest || !canKeep()) return std::free(memory);
  Block *block = static_cast<Block *>(memory);
  block->next = lists.first[held];
  lists.first[held] = block;
  lists.length[held]++;
}

}  // namespace

void *operator new(std::size_t bytes) {
  if (bytes == 0) bytes = 1;
  for (;;) {
    if (void *memory = bytes <= largest ? taken(bytes) : std::malloc(bytes)) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (!handler) throw std::bad_alloc();
    handler();
  }
}

void operator delete(void *memory) noexcept { give(memory); }
void operator delete(void *memory, std::size_t) noexcept { give(memory); }

#endif
