#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

func decimalLogarithm(_ x: Double) -> Double { log10(x) }
func powerOfTen(_ x: Double) -> Double { pow(10, x) }
