internal import Storage

extension RunContext {
  /// Whether the run is only rehearsed, to learn how long it takes: its numbers mean nothing then.
  public var isRehearsal: Bool { rehearsal != nil }

  /// A loop of `count` rounds that cost the same each: `body` makes as many as it is told.
  ///
  /// In a rehearsal it is called two or three times, for a few rounds, and the time of the others is added, by the
  /// difference between few and fewer; so it must not begin stages or trainings, nor expect to be called once.
  @discardableResult
  public func rounds<Result, Failure: Error>(
    _ count: Int, _ body: (Int) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let rehearsal, count > 5 else { return try body(count) }
    func seconds(_ rounds: Int) throws(Failure) -> (result: Result, seconds: Double) {
      let start = rehearsal.elapsed
      return (try body(rounds), rehearsal.elapsed - start)
    }
    let watch = rehearsal.watch
    var (one, extra) = (try seconds(1).seconds, 0.0)
    // Where one is short, it has mostly made ready for others.
    if one < watch {
      one = try seconds(1).seconds
      extra = one
    }
    let three = try seconds(3)
    rehearsal.skip(max(0, three.seconds - one) / 2 * Double(count - 3) - one - extra)
    return three.result
  }

  /// One of many computations that cost the same, which share a name. In a rehearsal, once enough have been timed, the last
  /// result stands for the others and their time is added.
  public func repeated<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    var result = lastResults[name] as? Result
    if try repeats(name, { result = try body() }) { lastResults[name] = isRehearsal ? result : nil }
    guard let result else { preconditionFailure("two kinds of computations are called \(name)") }
    return result
  }

  /// As ``repeated(_:_:)``, of a computation without a result; `false` where it was left out.
  func repeats(_ name: String, _ body: () throws -> Void) rethrows -> Bool {
    guard let rehearsal else {
      try body()
      return true
    }
    guard rehearsal.repeats(name) else { return false }
    let start = rehearsal.elapsed
    try body()
    rehearsal.note(repetition: name, seconds: rehearsal.elapsed - start)
    return true
  }

  /// A stage's result; in a rehearsal that of one that costs the same, if there was one.
  func rehearsed(_ cost: String?, _ body: () throws -> Group) rethrows -> Group {
    guard let rehearsal, let cost else { return try body() }
    if let known = rehearsal.memory.stage(cost) {
      rehearsal.skip(known.seconds)
      return known.result
    }
    let start = rehearsal.elapsed
    let made = try body()
    rehearsal.memory.keep(made, seconds: rehearsal.elapsed - start, as: cost)
    return made
  }

  /// What is done only because the run is a rehearsal; its time doesn't count.
  func unmeasured(_ body: () -> Void) {
    let start = rehearsal?.now ?? 0
    body()
    rehearsal?.skip(start - (rehearsal?.now ?? 0))
  }
}
