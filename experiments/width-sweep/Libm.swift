#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

func binaryLogarithm(_ number: Double) -> Double { log2(number) }
