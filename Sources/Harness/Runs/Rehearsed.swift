internal import Foundation

/// What a rehearsal said.
struct Rehearsed {
  private(set) var basis = Forecast.Basis.unknown
  private(set) var failure: (sentence: String, exitCode: Int32)?
  private var account = Rehearsal.Account()

  /// Rehearses a run, in `share` seconds of processor time if that can be, in `limit` seconds at most.
  init(
    _ run: PlannedRun, share: Double, limit: Double, threads: Int, memory: RehearsalMemory, _ stop: Cancellation
  ) throws {
    let place = FileManager.default.temporaryDirectory
    let path = place.appendingPathComponent("landscape-rehearsal-\(UUID().uuidString)").path
    let rehearsal = Rehearsal(watch: 0.3, share: share, memory: memory, threads: threads)
    let cancellation = Cancellation(following: stop)
    let timer = DispatchSource.makeTimerSource(queue: .global())
    let end = processorSeconds() + limit
    timer.schedule(deadline: .now(), repeating: 0.05)
    timer.setEventHandler { if processorSeconds() > end { cancellation.cancel() } }
    timer.resume()
    defer { timer.cancel() }
    var batch = Batch([run], folder: ResultsFolder(path), jobs: 1, threads: threads, cancellation: cancellation)
    batch.rehearsal = rehearsal
    let report = batch.execute()[0]
    if FileSystem.exists(path) { try FileSystem.remove(path) }
    account = rehearsal.account
    switch report.ending {
    case .finished, .diverged: basis = account.mayEndEarly ? .atMost : .rehearsal
    case .skipped, .interrupted, .unmade:
      if account.fraction > 0.01 {
        account.seconds /= account.fraction
        basis = .rough
      } else if account.seconds > 0 {
        basis = .atLeast
      }
    case .failed(let sentence, let code): failure = (Self.words(sentence, path, in: place.path), code)
    }
  }

  /// What a run would say whose times follow from those of two others.
  init(_ low: Rehearsed, _ high: Rehearsed, name: String, _ seconds: (Double, Double) -> Double) {
    failure = low.failure ?? high.failure
    if failure != nil || low.basis == .unknown || high.basis == .unknown { return }
    let least: [Forecast.Basis] = [.atLeast, .rough]
    basis = least.first { $0 == low.basis || $0 == high.basis } ?? low.basis
    account.seconds = max(0, seconds(low.account.seconds, high.account.seconds))
    account.minima = zip(low.account.minima, high.account.minima).map {
      ("\($0.recipe) of \(name)", max(0, seconds($0.seconds, $1.seconds)))
    }
  }

  /// What went wrong; of what can't be written, where rehearsals write.
  private static func words(_ sentence: String, _ path: String, in place: String) -> String {
    guard sentence.contains(path) else { return sentence }
    let ends = [";", ". "].compactMap { sentence.firstRange(of: $0)?.lowerBound }
    return
      "\(sentence[..<(ends.min() ?? sentence.endIndex)]); rehearsals write into \(place): make room there, or name another folder in TMPDIR."
  }

  /// The seconds of a run, without the minima that others have been `counted` with.
  func seconds(of run: PlannedRun, counted: inout Set<String>) -> Double? {
    guard basis != .unknown else { return nil }
    var seconds = account.seconds
    var occurrences: [String: Int] = [:]
    for (recipe, own) in account.minima {
      occurrences[recipe, default: 0] += 1
      let minimum = "\(recipe) \(run.settings.freeKey) seed=\(run.seed) \(occurrences[recipe] ?? 0)"
      if !counted.insert(minimum).inserted { seconds -= own }
    }
    return max(0, seconds)
  }
}
