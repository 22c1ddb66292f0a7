import Foundation
import Harness
import Storage
import Testing

/// Makes every run of an experiment's profile smoke in a folder of its own, checks that all end with results and that
/// every finding can be computed, and hands each run's file to `check`.
///
/// No finding may be called reproduced once one of its runs has diverged and lost its numbers, but those that have a rule
/// to go on without such runs; one that is not decided without it has no effect either.
func checkSmoke<E: Experiment>(
  _ experiment: E.Type, goingOn: Set<String> = [], _ check: (Group) throws -> Void = { _ in }
) throws {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("experiments-\(UUID().uuidString)").path
  defer {
    do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
  }
  let folder = ResultsFolder(path)
  let runs = try E.profiles.sweeps(.smoke, of: E.name).flatMap { try E.runs(of: $0) }
  for report in Batch(runs, folder: folder).execute() {
    #expect(report.ending == .finished, "\(report.run.label): \(report.ending)")
  }
  for finding in E.findings {
    let report = finding.report(
      on: try finding.plannedRuns(.smoke, experiments: [E.self]), in: folder, profile: .smoke)
    #expect(report.word == "ran", "\(finding.id): \(report.problem)")
    if !goingOn.contains(finding.id) { try checkDivergence(finding, E.self, in: folder) }
  }
  for run in runs.unique { try check(try GroupFile(run.file(in: folder)).read()) }
}

/// Decides a finding on its smoke runs, taken for those of ten seeds, of which one has diverged.
private func checkDivergence<E: Experiment>(_ finding: Finding, _ experiment: E.Type, in folder: ResultsFolder) throws {
  let planned = try finding.plannedRuns(.smoke, experiments: [E.self]).unique
  let runs = try planned.compactMap { try $0.collected(in: folder) }
  let evidence = (0..<10).flatMap { seed in
    runs.enumerated().map { index, run in
      let isLost = seed == 4 && index == runs.count - 1
      return CollectedRun(
        id: "\(run.id)-\(seed)", seed: seed, divergence: isLost ? "it went out of bounds" : nil, settings: run.settings,
        measurements: isLost ? run.measurements.lost : run.measurements,
        trajectory: isLost ? run.trajectory?.lost : run.trajectory)
    }
  }
  let outcome = try finding.evaluate(Evidence(runs: evidence))
  #expect(outcome.verdict != .reproduced, "\(finding.id): \(outcome)")
  if outcome.verdict == .inconclusive {
    #expect(!outcome.effect.isFinite || outcome.interval?.allSatisfy(\.isFinite) == false, "\(finding.id): \(outcome)")
  }
}

extension Group {
  /// The same with NaN for each number that isn't whole.
  fileprivate var lost: Group {
    var group = self
    for index in group.variables.indices {
      switch group.variables[index].values {
      case .float64(let values): group.variables[index].values = .float64(values.map { _ in .nan })
      case .float32(let values): group.variables[index].values = .float32(values.map { _ in .nan })
      default: break
      }
    }
    for (name, part) in group.groups { group.groups[name] = part.lost }
    return group
  }
}

/// Makes runs of these settings, of which the first diverges, in one batch: that one says so, and the sweep goes on.
func checkSweepGoesOn<E: Experiment>(_ experiment: E.Type, diverging: E.Settings, sound: E.Settings) throws {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("experiments-\(UUID().uuidString)").path
  defer {
    do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
  }
  let folder = ResultsFolder(path)
  let runs = [E.planned(diverging, seed: 0), E.planned(sound, seed: 0), E.planned(diverging, seed: 1)]
  let reports = Batch(runs, folder: folder, jobs: 1).execute()
  let isDivergent = reports.map {
    if case .diverged(let how) = $0.ending { how.contains("out of bounds") } else { false }
  }
  #expect(isDivergent == [true, false, true] && reports[1].ending == .finished, "\(reports.map(\.ending))")
  for (run, isDivergent) in zip(runs, [true, false, true]) {
    let file = try GroupFile(run.file(in: folder)).read()
    #expect(file.attributes["status"]?.text == (isDivergent ? "diverged" : "complete"))
    #expect(try run.collected(in: folder)?.divergence == nil || isDivergent)
  }
}

/// Checks that each finding of an experiment has its sweep in every profile, with the seeds that verdicts need.
func checkProfiles<E: Experiment>(_ experiment: E.Type) throws {
  for finding in E.findings {
    for profile in Profile.allCases {
      let seeds = Set(try finding.plannedRuns(profile, experiments: [E.self]).map(\.seed)).count
      let least = profile == .smoke ? 1 : profile == .quick ? finding.minimumSeeds : 2 * finding.minimumSeeds
      #expect(seeds >= (finding.minimumSeeds == 1 ? 1 : least), "\(finding.id), \(profile): \(seeds) seeds")
    }
  }
}

/// Makes one run with these settings in a folder of its own and hands its file to `check`. It must end with a result.
func inRun<E: Experiment>(
  of experiment: E.Type, _ settings: E.Settings, seed: Int = 3, _ check: (Group) throws -> Void
) throws {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("experiments-\(UUID().uuidString)").path
  defer {
    do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
  }
  let folder = ResultsFolder(path)
  let run = E.planned(settings, seed: seed)
  let ending = Batch([run], folder: folder).execute()[0].ending
  switch ending {
  case .finished, .diverged: break
  default: Issue.record("the run ended as \(ending)")
  }
  try check(try GroupFile(run.file(in: folder)).read())
}
