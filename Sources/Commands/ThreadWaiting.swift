#if canImport(Glibc)
  import Glibc
#endif

/// How the threads of OpenMP, on which Linux's oneDNN runs, wait for work: by spinning, which doubled the processor time of
/// two threads (Benchmarks/NOTES.md), unless the environment asks otherwise when the process starts.
enum ThreadWaiting {
  /// Where `--threads` is among the arguments and the environment leaves it open, starts the program anew as the same
  /// process with `OMP_WAIT_POLICY=passive`. Later would be too late: the library reads it as it is loaded.
  static func makePassive() {
    #if canImport(Glibc)
      let isSettled = getenv("OMP_WAIT_POLICY") != nil || getenv("GOMP_SPINCOUNT") != nil
      guard !isSettled, CommandLine.arguments.contains(where: { $0.hasPrefix("--threads") }) else { return }
      setenv("OMP_WAIT_POLICY", "passive", 1)
      // Comes back only where it failed; then threads spin, and nothing else changes.
      execv("/proc/self/exe", CommandLine.unsafeArgv)
    #endif
  }
}
