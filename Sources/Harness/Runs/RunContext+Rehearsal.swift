extension RunContext {
  /// Whether the run is only rehearsed, to learn how long it takes: its numbers mean nothing then.
  public var isRehearsal: Bool { rehearsal != nil }

  /// A loop of `count` rounds that cost the same each: `body` makes as many as it is told.
  ///
  /// In a rehearsal it is called twice, for a few rounds, and the time of the others is added; so it must not begin stages
  /// or trainings, nor expect to be called once.
  @discardableResult
  public func rounds<Result>(_ count: Int, _ body: (Int) throws -> Result) rethrows -> Result {
    let (first, second) = (2, 3)
    guard let rehearsal, count > first + second else { return try body(count) }
    _ = try body(first)
    let start = rehearsal.now
    let result = try body(second)
    rehearsal.skip(Double(count - first - second) / Double(second) * (rehearsal.now - start))
    return result
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
    let start = rehearsal.now
    try body()
    rehearsal.note(repetition: name, seconds: rehearsal.now - start)
    return true
  }

  /// What is done only because the run is a rehearsal; its time doesn't count.
  func unmeasured(_ body: () -> Void) {
    let start = rehearsal?.now ?? 0
    body()
    rehearsal?.skip(start - (rehearsal?.now ?? 0))
  }
}
