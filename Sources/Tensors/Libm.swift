#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The natural logarithm of the C library, named so that it can't be taken for a method.
@inline(__always) func logarithm(_ x: Double) -> Double { log(x) }
