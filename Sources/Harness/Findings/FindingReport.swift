internal import Configuration
internal import Storage

/// A finding with what its runs came to.
public struct FindingReport: Sendable {
  /// The finding.
  public let finding: Finding
  /// The size at which it was looked at.
  public let profile: Profile
  /// The verdict; `nil` in profile smoke, which only shows that it runs, and when there is nothing to decide on.
  public let outcome: Outcome?
  /// Why there is no outcome; empty when there is one, and in profile smoke.
  public let problem: String
  /// The number of runs with results.
  public let runs: Int
  /// The diverged ones among them.
  public let diverged: [String]
  /// The runs without results.
  public let missing: [MissingRun]

  /// Whether nothing has been run yet.
  public var isUnmade: Bool { runs == 0 && missing.allSatisfy { $0.reason == MissingRun.unmade } }

  /// "reproduced", "not reproduced", "inconclusive", "ran" in profile smoke, "no results" before anything was run,
  /// "failed" when nothing could be computed.
  public var word: String {
    if let outcome { return outcome.verdict.rawValue }
    if isUnmade { return "no results" }
    return profile == .smoke && problem.isEmpty ? "ran" : "failed"
  }
}

extension Finding {
  /// The runs that decide in a profile, from among the program's experiments.
  public func plannedRuns(
    _ profile: Profile, experiments: [any Experiment.Type], overrides: [String] = []
  ) throws -> [PlannedRun] {
    let experiment = try experiments.named(self.experiment)
    let sweeps = try experiment.profiles.sweeps(profile, of: experiment.name)
    guard let sweep = sweeps.first(where: { $0.name == self.sweep(in: profile) }) else {
      throw HarnessError.unknownSweep(
        self.sweep(in: profile), experiment: experiment.name, profile: profile, known: sweeps.map(\.name))
    }
    return try experiment.runs(of: sweep, overrides: overrides)
  }

  /// Decides the finding on what lies in the results' folder.
  ///
  /// Runs without results are named and counted, and nothing is reproduced while one is missing: the verdict is at most
  /// inconclusive then, as it is with fewer seeds than the finding asks for. `reasons` says why runs are missing, by id.
  public func report(
    on planned: [PlannedRun], in folder: ResultsFolder, profile: Profile, reasons: [String: String] = [:]
  ) -> FindingReport {
    var runs: [CollectedRun] = []
    var missing: [MissingRun] = []
    for run in planned.unique {
      do {
        if let collected = try run.collected(in: folder) {
          runs.append(collected)
        } else {
          missing.append(MissingRun(id: run.id, reason: reasons[run.id] ?? MissingRun.unmade))
        }
      } catch {
        missing.append(MissingRun(id: run.id, reason: reasons[run.id] ?? "\(error)"))
      }
    }
    return report(on: Evidence(runs: runs, missing: missing), profile: profile)
  }

  /// Decides the finding on evidence.
  public func report(on evidence: Evidence, profile: Profile) -> FindingReport {
    func report(_ outcome: Outcome?, _ problem: String) -> FindingReport {
      FindingReport(
        finding: self, profile: profile, outcome: outcome, problem: problem, runs: evidence.runs.count,
        diverged: evidence.runs.filter { $0.divergence != nil }.map(\.id), missing: evidence.missing)
    }
    guard !evidence.runs.isEmpty else { return report(nil, "there are no results") }
    var outcome: Outcome
    do { outcome = try evaluate(evidence) } catch { return report(nil, "\(error)") }
    if profile == .smoke { return report(nil, evidence.missing.isEmpty ? "" : "runs are missing") }
    var reasons: [String] = []
    if !evidence.missing.isEmpty {
      reasons.append("\(evidence.missing.count) of \(evidence.runs.count + evidence.missing.count) runs have no result")
    }
    if evidence.seedCount < minimumSeeds { reasons.append("\(evidence.seedCount) of at least \(minimumSeeds) seeds") }
    if !reasons.isEmpty {
      outcome.verdict = .inconclusive
      outcome.details = (reasons + [outcome.details]).filter { !$0.isEmpty }.joined(separator: "; ")
    }
    return report(outcome, "")
  }
}

extension PlannedRun {
  /// The finished run, or `nil` if there is no file.
  public func collected(in folder: ResultsFolder) throws -> CollectedRun? {
    guard try existingEnd(in: folder) != nil else { return nil }
    let path = file(in: folder)
    let content = try RunFile.read(path)
    return CollectedRun(
      id: id, seed: seed, path: path,
      divergence: content.header.status == .diverged
        ? RunFile.divergence(from: content.measurements.attributes) : nil,
      settings: settings, measurements: content.measurements,
      trajectory: content.trajectory.isEmpty ? nil : content.trajectory)
  }
}

extension [any Experiment.Type] {
  /// The experiment of a name.
  public func named(_ name: String) throws(HarnessError) -> any Experiment.Type {
    if let experiment = first(where: { $0.name == name }) { return experiment }
    let names = map { $0.name }
    throw .unknownExperiment(name, nearest: nearestSpelling(to: name, among: names), known: names)
  }

  /// All findings, in the experiments' order.
  public var findings: [Finding] { flatMap { $0.findings } }

  /// The finding of a name.
  public func finding(_ id: String) throws(HarnessError) -> Finding {
    let all = findings
    if let finding = all.first(where: { $0.id == id }) { return finding }
    let ids = all.map(\.id)
    throw .unknownFinding(id, nearest: nearestSpelling(to: id, among: ids), known: ids)
  }
}
