internal import Foundation
internal import Storage
internal import Tensors

/// Where a result comes from: program, machine, cost.
struct RunProvenance {
  /// What is the same for all runs of a process.
  let process: Named<AttributeValue>

  /// Looks at the program and the machine; asks git for the commit if the program lies in a clone.
  init() {
    let source = sourceState()
    process = [
      "git_commit": .string(source.commit), "git_dirty": .string(source.dirtiness),
      "swift_version": .string(swiftVersion),
      "hdf5_version": .string(HDF5Library.version), "blas_version": .string(BLASLibrary.configuration),
      "blas_core_type": .string(BLASLibrary.coreType),
      "processor": .string(processorName()),
      "operating_system": .string(ProcessInfo.processInfo.operatingSystemVersionString),
      "host": .string(hostName()), "command_line": .string(CommandLine.arguments.joined(separator: " ")),
    ]
  }

  /// The file's `/provenance` for one run, with its stages in the order in which they ended.
  func group(
    threads: Int, wallSeconds: Double, processorSeconds: Double, earlierSeconds: Double = 0,
    stages: [StageTime] = []
  ) -> Group {
    var attributes = process
    attributes["threads"] = .integer(Int64(threads))
    attributes["wall_seconds"] = .number(wallSeconds)
    // Of earlier processes, for what was kept of their work.
    if earlierSeconds > 0 { attributes["earlier_wall_seconds"] = .number(earlierSeconds) }
    attributes["processor_seconds"] = .number(processorSeconds)
    attributes["peak_memory_bytes"] = .integer(peakMemory())
    if stages.isEmpty { return Group(attributes: attributes) }
    return Group(
      dimensions: [Dimension("stage", coordinates: stages.map(\.name), longName: "part of the run")],
      variables: [
        Variable(
          "stage_seconds", along: ["stage"], values: stages.map(\.seconds), units: "s",
          longName:
            "processor time of a part, those within it included, in whichever process it was made; without what a "
            + "process that was stopped spent on a part that it did not end")
      ], attributes: attributes)
  }
}

/// Seconds of processor time that the calling thread has used.
func threadProcessorSeconds() -> Double { seconds(of: CLOCK_THREAD_CPUTIME_ID) }

/// Seconds of processor time that the process has used.
func processorSeconds() -> Double { seconds(of: CLOCK_PROCESS_CPUTIME_ID) }

/// Seconds of a clock that only goes forward.
func clockSeconds() -> Double { seconds(of: CLOCK_MONOTONIC) }

private func seconds(of clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The most memory the process has held, in bytes.
package func peakMemory() -> Int64 {
  var usage = rusage()
  #if canImport(Darwin)
    getrusage(RUSAGE_SELF, &usage)
    return Int64(usage.ru_maxrss)
  #else
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return Int64(usage.ru_maxrss) * 1024
  #endif
}

private var swiftVersion: String {
  #if compiler(>=6.4)
    "6.4 or later"
  #elseif compiler(>=6.3)
    "6.3"
  #else
    "6.2"
  #endif
}

private func hostName() -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

private func processorName() -> String {
  #if canImport(Darwin)
    var size = 0
    guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 0 else { return "unknown" }
    var buffer = [CChar](repeating: 0, count: size)
    guard sysctlbyname("machdep.cpu.brand_string", &buffer, &size, nil, 0) == 0 else { return "unknown" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  #else
    guard let data = FileManager.default.contents(atPath: "/proc/cpuinfo") else { return "unknown" }
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") where line.hasPrefix("model name") {
      return line.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces) ?? "unknown"
    }
    return "unknown"
  #endif
}

/// The commit of the clone that the program lies in and whether it has changes; "unknown" for a program installed elsewhere.
private func sourceState() -> (commit: String, dirtiness: String) {
  let unknown = (commit: "unknown", dirtiness: "unknown")
  guard let program = Bundle.main.executableURL?.resolvingSymlinksInPath() else { return unknown }
  let folder = program.deletingLastPathComponent().path
  guard let root = git(["rev-parse", "--show-toplevel"], in: folder), program.path.hasPrefix(root + "/.build"),
    let commit = git(["rev-parse", "HEAD"], in: root), let status = git(["status", "--porcelain"], in: root)
  else { return unknown }
  return (commit, status.isEmpty ? "clean" : "changed")
}

private func git(_ arguments: [String], in folder: String) -> String? {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["git", "-C", folder] + arguments
  let output = Pipe()
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  do { try process.run() } catch { return nil }
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { return nil }
  return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
}
