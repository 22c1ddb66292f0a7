import Foundation
import Storage
import Tensors
import Testing

/// What Python makes of the files. Runs where `LANDSCAPE_PYTHON` names an interpreter that has h5py, xarray, h5netcdf,
/// netCDF4 and matplotlib, as `make test` sets it.
@Suite(.enabled(if: Python.interpreter != nil)) struct InteroperabilityTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func xarrayNetCDF4AndH5pyReadRunFilesWithNamedDimensionsAndUnits() async throws {
    try Samples.run().write(to: folder.file("run.h5"))
    try GroupFile(folder.file("everything.h5")).write(Samples.everything)
    try GroupFile(folder.file("large.h5")).write(Samples.large)
    try await Python.run("read_run_files.py", folder.path)
  }

  @Test func xarrayOpensACollectionAsOneDatasetAndDrawsIt() async throws {
    let runs = RunCollection.runs(at: try RunCollectionTests.writeRuns(to: folder)).runs
    try RunCollection(runs).write(to: folder.file("referring.h5"))
    try RunCollection(runs).write(to: folder.file("copied.h5"), copy: true)
    try await Python.run("read_collections.py", folder.path)
  }

  @Test func theFormatsOwnLibraryReadsSafetensorsFiles() async throws {
    let file = SafetensorsFile(
      entries: [
        .init("mask", shape: [3], values: .uint8([1, 0, 1])),
        .init("dense1/weight", shape: [2, 3], values: .float32([0, 1, 2, 3, 4, 5])),
        .init("double", shape: [2], values: .float64([1 / 3, -.infinity])),
        .init("step", shape: [2], values: .int64([.min, .max])), .init("scalar", shape: [], values: .float32([0.5])),
        .init("empty", shape: [0, 4], values: .float32([])), .init("\"🏔\"\n", shape: [1], values: .float32([-0.0])),
      ], metadata: ["layout": "landscape", "Grüße": "a\"b\\c\n\u{1}"])
    try file.write(to: folder.file("sample.safetensors"))
    try await Python.run("read_safetensors.py", folder.path)
  }

  @Test func h5pyFollowsALiveTrajectory() async throws {
    let live = try LiveTrajectory(folder.file("trajectory.h5"), startingFrom: LiveTrajectoryTests.start())
    try live.append(step: 0, ["loss": 1], arrays: ["spectrum": [1, 2, 3]])
    let process = try Python.start("follow_trajectory.py", folder.file("trajectory.h5"))
    var step = 1
    while process.isRunning {
      try live.append(step: step, ["loss": 1 / Double(step + 1)], arrays: ["spectrum": [1, 2, 3 + Double(step)]])
      step += 1
      try await Task.sleep(for: .milliseconds(2))
    }
    #expect(process.terminationStatus == 0)
  }
}

/// The scripts in `Tests/Interoperability`.
enum Python {
  static var interpreter: String? { ProcessInfo.processInfo.environment["LANDSCAPE_PYTHON"] }

  /// Starts a script.
  static func start(_ script: String, _ arguments: String...) throws -> Process {
    let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(interpreter))
    process.arguments = [scripts.appending(components: "Interoperability", script).path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["MPLBACKEND": "Agg"]) { $1 }
    try process.run()
    return process
  }

  /// Runs a script to its end and expects that it is content.
  static func run(_ script: String, _ folder: String) async throws {
    let process = try start(script, folder)
    while process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
    #expect(process.terminationStatus == 0, "\(script) found something wrong; it says what above")
  }
}
