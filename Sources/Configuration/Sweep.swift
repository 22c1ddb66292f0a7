/// Runs that belong together: one experiment, seeds, values set for all, and axes along which values change.
///
/// In a file:
/// ```yaml
/// experiment: mode-connectivity
/// seeds: 0..4
/// set: {optimizer.learning_rate: 0.1}
/// grid: {network.width: [32, 64, 128]}
/// zip: {steps: [100, 200], batch_size: [16, 32]}
/// ```
/// `grid` makes every combination, `zip` goes through its lists in step.
public struct Sweep: Sendable {
  /// Its name: the key under `sweeps`, or the file's name.
  public let name: String
  /// The experiment's name.
  public let experiment: String
  /// Where the experiment was named.
  public let origin: Origin?
  /// The seeds, each of which every point of the sweep is run with.
  public var seeds: [Int]
  let sharedSettings: SourceNode?
  let ownSettings: SourceNode?
  let grid: SourceNode?
  let zip: SourceNode?

  /// The defaults of an experiment, once for every seed.
  public init(experiment: String, seeds: [Int] = [0]) {
    self.init(
      name: experiment, experiment: experiment, origin: nil, seeds: seeds, sharedSettings: nil, ownSettings: nil,
      grid: nil, zip: nil)
  }

  init(
    name: String, experiment: String, origin: Origin?, seeds: [Int], sharedSettings: SourceNode?,
    ownSettings: SourceNode?, grid: SourceNode?,
    zip: SourceNode?
  ) {
    self.name = name
    self.experiment = experiment
    self.origin = origin
    self.seeds = seeds
    self.sharedSettings = sharedSettings
    self.ownSettings = ownSettings
    self.grid = grid
    self.zip = zip
  }
}

/// One run of a sweep: its settings, its seed and its place along the sweep's axes.
public struct SweepPoint<Settings: Configurable>: Sendable {
  /// The resolved configuration.
  public let settings: Settings
  /// The seed.
  public let seed: Int
  /// The keys that vary in the sweep with the values they have here.
  public let coordinates: [KeyedValue]
}

extension Sweep {
  /// The sweep's runs in a stable order: the grid's first key slowest, then its others, then `zip`, then the seeds.
  ///
  /// `overrides` are the command line's `--set key=value`; they take the place of whatever the sweep says of that key, so
  /// that an axis which is overridden is no axis any more.
  public func points<Settings: Configurable>(
    of type: Settings.Type, overrides: [String] = []
  ) throws(ConfigurationError) -> [SweepPoint<Settings>] {
    let schema = Settings.schema
    var overriding: [Assignment] = []
    for text in overrides {
      let assignment = try Assignment(option: text)
      if !schema.sections.contains(where: { $0.path == assignment.key }) {
        _ = try schema.leaf(assignment.key, origin: assignment.keyOrigin)
      }
      overriding.append(assignment)
    }
    let overridden = overriding.map(\.key)
    func isOverridden(_ key: String) -> Bool { overridden.contains { $0 == key || key.hasPrefix($0 + ".") } }

    var base: [Assignment] = []
    for node in [sharedSettings, ownSettings].compactMap({ $0 }) { base += try schema.assignments(in: node) }
    // An axis may vary what stands above its sweep, and not what the sweep itself sets.
    var given = Set(try ownSettings.map(schema.assignments)?.map(\.key) ?? [])
    var axes: [[[Assignment]]] = []
    if let grid {
      for assignment in try schema.assignments(in: grid) {
        try requireNew(assignment, in: &given)
        let values = try list(assignment)
        if !isOverridden(assignment.key) { axes.append(values.map { [$0] }) }
      }
    }
    if let zip {
      let assignments = try schema.assignments(in: zip)
      var columns: [[Assignment]] = []
      for assignment in assignments {
        try requireNew(assignment, in: &given)
        columns.append(try list(assignment))
        if let first = columns.first, first.count != columns[columns.count - 1].count {
          throw ConfigurationError(
            origin: assignment.keyOrigin,
            problem: .conflict(
              "zip needs lists of one length, but \(assignments[0].key) has \(first.count) values and "
                + "\(assignment.key) has \(columns[columns.count - 1].count)"))
        }
      }
      columns.removeAll { isOverridden($0[0].key) }
      if let length = columns.first?.count { axes.append((0..<length).map { index in columns.map { $0[index] } }) }
    }

    var combinations: [[Assignment]] = [[]]
    for axis in axes { combinations = combinations.flatMap { head in axis.map { head + $0 } } }
    var points: [SweepPoint<Settings>] = []
    for varied in combinations {
      let settings = try Settings(base + varied + overriding)
      let values = Dictionary(uniqueKeysWithValues: settings.values.map { ($0.key, $0.value) })
      let coordinates = varied.compactMap { axis in values[axis.key].map { KeyedValue(key: axis.key, value: $0) } }
      points += seeds.map { SweepPoint(settings: settings, seed: $0, coordinates: coordinates) }
    }
    return points
  }

  private func requireNew(_ assignment: Assignment, in given: inout Set<String>) throws(ConfigurationError) {
    guard given.insert(assignment.key).inserted else {
      throw ConfigurationError(origin: assignment.keyOrigin, problem: .duplicate(assignment.key))
    }
  }

  private func list(_ assignment: Assignment) throws(ConfigurationError) -> [Assignment] {
    guard case .list(let values) = assignment.value.content, !values.isEmpty else {
      throw ConfigurationError(
        origin: assignment.value.origin,
        problem: .unacceptable(
          key: assignment.key, found: assignment.value.summary, requirement: "a list with the values to go through",
          nearest: nil))
    }
    return values.map { Assignment(key: assignment.key, keyOrigin: assignment.keyOrigin, value: $0) }
  }
}
