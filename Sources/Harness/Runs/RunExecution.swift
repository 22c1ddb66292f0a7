internal import Configuration
internal import Foundation
internal import Networks
internal import Storage

/// One run from its lock to its file.
struct RunExecution {
  let run: PlannedRun
  let folder: ResultsFolder
  let threads: Int
  let cancellation: Cancellation
  let provenance: RunProvenance
  let rehearsal: Rehearsal?
  let meter: RunProgress
  let notice: @Sendable (String) -> Void

  /// How the run ended; every error becomes an ending.
  func end() -> RunEnd {
    do {
      if let end = try run.existingEnd(in: folder) { return end }
      return try finished()
    } catch let error as Interruption where cancellation.signal == error.signal {
      return RunEnd(ending: .interrupted)
    } catch let error as StorageError {
      if case .held(let holder) = error.kind {
        let held = HarnessError.held("it", by: "\(holder)", mend: error.mend)
        return RunEnd(ending: .failed(held.description, exitCode: ExitStatus.held))
      }
      return RunEnd(ending: .failed("\(error)", exitCode: ExitStatus.code(of: error)))
    } catch {
      return RunEnd(ending: .failed("\(error)", exitCode: ExitStatus.code(of: error)))
    }
  }

  private func finished() throws -> RunEnd {
    let partial = run.partial(in: folder)
    if cancellation.signal != nil { return RunEnd(ending: FileSystem.exists(partial) ? .interrupted : .unmade) }
    try FileSystem.makeFolder("\(folder.path)/\(run.experiment)")
    let lock = try RunLock(folder: partial)
    defer { lock.release() }
    // Another process may have finished it between the first look and the lock.
    if let end = try run.existingEnd(in: folder) {
      try lock.removeFolder()
      return end
    }
    let record = FailureRecord(partial)
    try record.remove()
    do {
      return try made(partial, lock)
    } catch {
      let isStopped = (error as? Interruption).map { $0.signal == cancellation.signal } ?? false
      if !isStopped {
        // A disk that is full holds no reason either; whoever made the run is told all the same.
        do { try record.keep("\(error)") } catch { notice("\(error)") }
      }
      throw error
    }
  }

  private func made(_ partial: String, _ lock: RunLock) throws -> RunEnd {
    try claim(partial)
    let paces = PaceRecord(partial)
    meter.begin(after: try paces.read())
    let wallStart = ContinuousClock.now
    let keepPace = { [meter] in try paces.keep(meter.current.pace(after: wallStart.duration(to: .now) / .seconds(1))) }
    let context = RunContext(
      seed: run.seed, threads: threads, runID: run.id, partialFolder: partial, results: folder,
      cancellation: cancellation, provenance: provenance, rehearsal: rehearsal, meter: meter, notice: notice,
      keepPace: keepPace)
    rehearsal?.begin()
    defer { rehearsal?.end(fraction: meter.current.fraction) }
    let processorStart = threadProcessorSeconds()
    let result: RunResult
    do {
      result = try RehearsalMemory.$current.withValue(rehearsal?.memory) {
        try PassWatch.$current.withValue(rehearsal?.passWatch) { try run.body(context) }
      }
    } catch {
      // The time left after going on is all that hangs on it.
      do { try keepPace() } catch { notice("\(error)") }
      throw error
    }
    let wall = wallStart.duration(to: .now) / .seconds(1)
    let file = runFile(
      result,
      provenance: provenance.group(
        threads: threads, wallSeconds: wall, processorSeconds: threadProcessorSeconds() - processorStart,
        earlierSeconds: meter.current.pace(after: 0).seconds,
        stages: context.stages))
    try file.write(to: run.file(in: folder))
    try lock.removeFolder()
    return RunEnd(ending: result.divergence.map { .diverged($0) } ?? .finished, remarks: result.allRemarks)
  }

  /// Makes sure that what lies in the folder was begun with this very configuration, whatever the defaults have become.
  private func claim(_ partial: String) throws(HarnessError) {
    let path = "\(partial)/configuration.yaml"
    if FileSystem.exists(path) {
      let begun = try FileSystem.read(path, mend: "it vanished while it was read")
      guard begun == Array(run.configuration.utf8) else { throw .otherConfiguration(partial) }
    } else {
      try FileSystem.write(run.configuration, to: path)
      try FileSystem.write(run.label, to: PlannedRun.labelFile(in: partial))
    }
  }

  private func runFile(_ result: RunResult, provenance: Group) -> RunFile {
    let time = Date.now.formatted(.iso8601)
    var configuration = RunFile.configuration(yaml: run.configuration, scalars: run.settings.attributes)
    configuration.attributes["digest"] = .string(run.digest)
    var measurements = result.measurements
    if let divergence = result.divergence { measurements.attributes["divergence"] = .string(divergence) }
    return RunFile(
      header: RunFileHeader(
        title: run.label, source: "landscape \(programVersion)",
        history: "\(time) \(CommandLine.arguments.joined(separator: " "))", references: run.references,
        experiment: run.experiment, runID: run.id, seed: run.seed,
        status: result.divergence == nil ? .complete : .diverged, remarks: result.allRemarks),
      configuration: configuration, provenance: provenance, trajectory: result.trajectory ?? Group(),
      checkpoints: result.checkpoints ?? Group(), measurements: measurements)
  }
}

/// What became of a run: how it ended, whether anything was done for it, what its file remarks on.
struct RunEnd: Sendable {
  var ending: RunReport.Ending
  var isNew = true
  var remarks: [String] = []
}

/// The program's version, as result files name it.
public let programVersion = "0.1.0"

extension PlannedRun {
  /// How the run ended if its file is there: skipped, or diverged.
  ///
  /// Throws for a file that can't be read as the result of this run; it is left alone.
  func existingEnd(in folder: ResultsFolder) throws(HarnessError) -> RunEnd? {
    let path = file(in: folder)
    guard FileSystem.exists(path) else { return nil }
    let header: RunFileHeader
    let stored: String
    let divergence: String?
    do {
      header = try RunFile.header(of: path)
      stored = try GroupFile(path).variable("configuration/yaml").value()
      divergence =
        header.status == .diverged
        ? RunFile.divergence(from: try GroupFile(path).attributes(ofGroup: "measurements")) : nil
    } catch {
      throw .damagedResult(path, reason: error.detail)
    }
    guard header.experiment == experiment, header.runID == id else {
      throw .damagedResult(path, reason: "it is the result of \(header.experiment) \(header.runID)")
    }
    guard stored == configuration else { throw .otherConfiguration(path) }
    return RunEnd(ending: divergence.map { .diverged($0) } ?? .skipped, isNew: false, remarks: header.remarks)
  }
}

extension RunFile {
  /// How the numbers of a diverged run went out of bounds, from the attributes of its measurements.
  static func divergence(from attributes: Named<AttributeValue>) -> String {
    attributes["divergence"]?.text ?? "its numbers went out of bounds"
  }
}

extension [KeyedValue] {
  /// The scalars of a configuration as attributes; lists of one kind become lists, an absent value the text "null".
  var attributes: Named<AttributeValue> {
    var attributes: Named<AttributeValue> = [:]
    for setting in self { attributes[setting.key] = setting.value.attribute }
    return attributes
  }
}

extension ConfigurationValue {
  var attribute: AttributeValue {
    switch self {
    case .integer(let value): return .integer(Int64(value))
    case .number(let value): return .number(value)
    case .boolean(let value): return .boolean(value)
    case .text(let value): return .string(value)
    case .null: return .string("null")
    case .list(let values):
      let integers = values.compactMap { if case .integer(let value) = $0 { Int64(value) } else { nil } }
      let numbers = values.compactMap { if case .number(let value) = $0 { value } else { nil } }
      if !values.isEmpty, integers.count == values.count { return .integers(integers) }
      if !values.isEmpty, numbers.count == values.count { return .numbers(numbers) }
      return .string(description)
    }
  }
}
