internal import Networks
internal import Synchronization
internal import Training

/// A run made short to learn how long it takes: trainings make some of their steps, loops some of their rounds, and the
/// time of what they left out is added up.
///
/// Time is the thread's processor time, so that a busy machine spoils no estimate; with more threads than one it is the
/// clock's.
package final class Rehearsal: Sendable {
  /// What came out.
  package struct Account: Sendable {
    /// Seconds from beginning to end, those of what was left out included.
    package internal(set) var seconds = 0.0
    /// Whether a training may end before its last step.
    package internal(set) var mayEndEarly = false
    /// The minima that were asked for: what each costs its time by, and the seconds it takes.
    package internal(set) var minima: [(recipe: String, seconds: Double)] = []
    /// How far it came, by the run's own report.
    package internal(set) var fraction = 0.0
  }

  private struct State: Sendable {
    var account = Account()
    var start = 0.0
    var skipped = 0.0
    var repeated: [String: (count: Int, seconds: Double)] = [:]
  }

  /// What earlier rehearsals left to this one.
  let memory: RehearsalMemory
  private let longestWatch: Double
  private let share: Double
  private let clock: @Sendable () -> Double
  private let state = Mutex(State())

  /// A rehearsal by a clock, which is asked on the run's thread. Each training, and each kind of repeated computation, is
  /// watched for `watch` seconds, or less as the rehearsal comes near to having taken `share` seconds.
  package init(
    watch: Double, share: Double = .infinity, memory: RehearsalMemory = RehearsalMemory(),
    clock: @escaping @Sendable () -> Double
  ) {
    longestWatch = watch
    self.share = share
    self.memory = memory
    self.clock = clock
  }

  /// A rehearsal of a run with some threads.
  convenience init(watch: Double, share: Double, memory: RehearsalMemory, threads: Int) {
    self.init(watch: watch, share: share, memory: memory) {
      threads == 1 ? threadProcessorSeconds() : clockSeconds()
    }
  }

  /// Seconds for which the next training or kind of repeated computation is watched.
  ///
  /// How many will come isn't known: each takes a twentieth of what is left.
  var watch: Double {
    let taken = now - state.withLock { $0.start }
    return max(longestWatch / 20, min(longestWatch, (share - taken) / 20))
  }

  /// Seconds since some moment, on the run's thread.
  var now: Double { clock() }

  /// Begins, on the run's thread.
  func begin() {
    let now = now
    state.withLock { $0.start = now }
  }

  /// Seconds since the beginning, those of what was left out included; on the run's thread.
  var elapsed: Double {
    let now = now
    return state.withLock { now - $0.start + $0.skipped }
  }

  /// Adds the time of what is left out; negative for what was done more than once.
  func skip(_ seconds: Double) { state.withLock { $0.skipped += seconds } }

  func noteEarlyEnd() { state.withLock { $0.account.mayEndEarly = true } }

  func note(minimum recipe: String, seconds: Double) {
    state.withLock { $0.account.minima.append((recipe, seconds)) }
  }

  /// Ends, on the run's thread.
  func end(fraction: Double) {
    let seconds = elapsed
    state.withLock { state in
      state.account.seconds = seconds
      state.account.fraction = fraction
    }
  }

  /// What came out, once it has ended.
  package var account: Account { state.withLock { $0.account } }

  /// Whether a computation that is repeated under a name is to be done once more; if not, its time has been added.
  func repeats(_ name: String) -> Bool {
    let watch = watch
    return state.withLock { state in
      guard let (count, seconds) = state.repeated[name], count > 0, seconds > watch else { return true }
      state.skipped += seconds / Double(count)
      return false
    }
  }

  /// What a repetition took; the first, which makes ready for the others, counts only where it takes long.
  func note(repetition name: String, seconds: Double) {
    let watch = watch
    state.withLock { state in
      guard let (count, sum) = state.repeated[name] else {
        state.repeated[name] = seconds > watch ? (1, seconds) : (0, 0)
        return
      }
      state.repeated[name] = (count + 1, sum + seconds)
    }
  }

  /// Lets a pass over the chunks of a data set end once they have been watched for long enough; the time of the others is
  /// added. The first chunk makes ready for the others and doesn't count.
  var passWatch: PassWatch {
    PassWatch { [self] count in
      let watch = watch
      var first: Double?
      return { made in
        let now = self.now
        guard let first else {
          first = now
          return true
        }
        guard now - first > watch else { return true }
        self.skip((now - first) / Double(made - 1) * Double(count - made))
        return false
      }
    }
  }

  /// Makes some of a training's steps, and its last measurements.
  ///
  /// The state is left at the plan's last step, with the parameters of the last step that was made.
  func train<Element>(
    _ state: inout TrainingState<Element>, plan: TrainingPlan, probes: [Probe<Element>], hooks: TrainingHooks<Element>,
    cost: String?,
    _ training: (inout TrainingState<Element>, TrainingPlan, [Probe<Element>], TrainingHooks<Element>) throws ->
      TrainingOutcome
  ) throws -> TrainingOutcome {
    let known = cost.flatMap { memory.stepSeconds(of: $0) }
    let clock = StepClock(self, probeCount: probes.count, isTold: known != nil)
    let watched = probes.enumerated().map { index, probe in
      Probe(probe.columns, at: probe.occasions) { point in clock.time(probe: index) { probe.measure(point) } }
    }
    if plan.stopping.loss != nil || plan.stopping.gradientNorm != nil { noteEarlyEnd() }
    var hooks = hooks
    let isCancelled = hooks.isCancelled
    hooks.isCancelled = { isCancelled() || clock.isEnough() }
    let outcome = try training(&state, plan, watched, hooks)
    guard case .cancelled(let step) = outcome, !isCancelled() else { return outcome }
    let stepSeconds = known ?? clock.stepSeconds
    if let cost, known == nil { memory.keep(stepSeconds: stepSeconds, of: cost) }
    var reach = plan
    reach.steps = step
    hooks.isCancelled = isCancelled
    let ending = try training(&state, reach, watched, hooks)
    guard case .completed = ending else { return ending }
    let measurements = zip(probes, clock.probeSeconds).reduce(0.0) { sum, pair in
      sum + pair.1 * Double(pair.0.occasions.count(in: step + 1..<max(step + 1, plan.steps)))
    }
    skip(stepSeconds * Double(plan.steps - step) + measurements)
    state.pass(to: plan.steps)
    return ending
  }
}
