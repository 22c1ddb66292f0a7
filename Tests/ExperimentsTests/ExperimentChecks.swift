import Foundation
import Harness
import Storage
import Testing

/// Makes every run of an experiment's profile smoke in a folder of its own, checks that all end with results and that
/// every finding can be computed, and hands each run's file to `check`.
func checkSmoke<E: Experiment>(_ experiment: E.Type, _ check: (Group) throws -> Void = { _ in }) throws {
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
  }
  for run in runs.unique { try check(try GroupFile(run.file(in: folder)).read()) }
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
