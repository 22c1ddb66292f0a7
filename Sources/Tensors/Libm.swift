#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// The C library's functions under names that can't be taken for the static methods of the number types.

@inline(__always) func cLog(_ x: Double) -> Double { log(x) }
@inline(__always) func cSin(_ x: Double) -> Double { sin(x) }
@inline(__always) func cCos(_ x: Double) -> Double { cos(x) }
