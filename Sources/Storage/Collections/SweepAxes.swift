import Tensors

/// The axes of a sweep, found from the labels of its runs.
///
/// Where runs fill less than one in `sparsest` of all combinations, as those of several sweeps over different keys do, they
/// stand one after the other along the single axis `run`, with their labels along it.
struct SweepAxes {
  static let sparsest = 16

  /// The axes as dimensions, with the values in ascending order, texts in order of appearance.
  var dimensions: [Dimension]
  /// Keys that go along with an axis, as in a zipped sweep: variables along that axis.
  var companions: [Variable]
  /// The place of each run.
  var positions: [[Int]]

  init(_ runs: [RunCollection.Run], for path: String) throws(StorageError) {
    guard let first = runs.first else {
      throw StorageError(.invalidContent, "write", path, detail: "there are no runs to collect", mend: "Name some.")
    }
    let keys = first.labels.names
    for run in runs where run.labels.names != keys {
      throw StorageError(
        .invalidContent, "write", path,
        detail: "\(run.path) is labelled by \(run.labels.names) and \(first.path) by \(keys)",
        mend: "Collect runs of one sweep.")
    }
    let names = uniqueNames(keys.map { $0.split(separator: ".").map(String.init) })
    dimensions = []
    companions = []
    positions = runs.map { _ in [] }
    var axes: [[AttributeValue]] = []
    var axisKeys: [String] = []
    for (key, name) in zip(keys, names) {
      let labels = runs.compactMap { $0.labels[key] }
      let values = SweepAxes.distinct(labels)
      let longName = key == "seed" ? "seed of the run" : "configuration key \(key)"
      let coordinates = SweepAxes.coordinates(values)
      // A key that takes one value for each value of an earlier axis, and the other way round, adds no combinations.
      let companion = axes.indices.first { index in
        guard key != "seed", axisKeys[index] != "seed", values.count > 1, axes[index].count == values.count else {
          return false
        }
        let pairs = zip(positions, labels).map { [$0[index], values.firstIndex(of: $1) ?? 0] }
        return Set(pairs).count == values.count
      }
      if let companion {
        let axis = axes[companion]
        let ordered = axis.indices.map { index in
          labels[positions.firstIndex { $0[companion] == index } ?? 0]
        }
        companions.append(
          Variable(
            name, along: [dimensions[companion].name], shape: [axis.count], values: SweepAxes.coordinates(ordered),
            longName: longName))
        continue
      }
      axes.append(values)
      axisKeys.append(key)
      var dimension = Dimension(
        name, length: values.count, units: coordinates.typeName == "string" ? "" : "1", longName: longName)
      dimension.coordinates = coordinates
      dimensions.append(dimension)
      for (run, label) in labels.enumerated() { positions[run].append(values.firstIndex(of: label) ?? 0) }
    }
    let combinations = dimensions.reduce(1.0) { $0 * Double($1.length) }
    if combinations > Double(Self.sparsest * runs.count) { self = Self(listing: runs, by: keys) }
    for (index, position) in positions.enumerated() {
      if let other = positions[..<index].firstIndex(of: position) {
        throw StorageError(
          .invalidContent, "write", path,
          detail: "\(runs[other].path) and \(runs[index].path) stand at the same place of the sweep",
          mend: "Leave one out, or label them by what they differ in.")
      }
    }
  }

  /// One run after the other.
  private init(listing runs: [RunCollection.Run], by keys: [String]) {
    var dimension = Dimension("run", length: runs.count, units: "1", longName: "place of the run")
    dimension.coordinates = Int.values(Array(1...runs.count))
    dimensions = [dimension]
    let names = uniqueNames(keys.map { $0.split(separator: ".").map(String.init) }, taken: ["run"])
    companions = zip(keys, names).map { key, name in
      Variable(
        name, along: ["run"], shape: [runs.count], values: Self.coordinates(runs.compactMap { $0.labels[key] }),
        longName: key == "seed" ? "seed of the run" : "configuration key \(key)")
    }
    positions = runs.indices.map { [$0] }
  }

  private static func distinct(_ labels: [AttributeValue]) -> [AttributeValue] {
    var values: [AttributeValue] = []
    for label in labels where !values.contains(label) { values.append(label) }
    let numbers = values.compactMap(\.double)
    guard numbers.count == values.count else { return values }
    return zip(values, numbers).sorted { $0.1 < $1.1 }.map(\.0)
  }

  private static func coordinates(_ values: [AttributeValue]) -> Values {
    let integers = values.compactMap(\.integer)
    if integers.count == values.count { return Int.values(integers) }
    let numbers = values.compactMap(\.double)
    if numbers.count == values.count { return .float64(numbers) }
    return .strings(values.map(\.description))
  }
}

/// The shortest endings of paths that tell them apart from each other and from names already taken, joined by "_".
func uniqueNames(_ paths: [[String]], taken: Set<String> = []) -> [String] {
  var lengths = paths.map { min(1, $0.count) }
  func names() -> [String] { zip(paths, lengths).map { $0.suffix($1).joined(separator: "_") } }
  while true {
    let current = names()
    var counts: [String: Int] = [:]
    for name in current { counts[name, default: 0] += 1 }
    let ambiguous = current.indices.filter { (counts[current[$0]] ?? 0) > 1 || taken.contains(current[$0]) }
    let extendible = ambiguous.filter { lengths[$0] < paths[$0].count }
    if extendible.isEmpty {
      // Nothing is left to put in front: number what still collides.
      var used = taken
      return current.map { name in
        var candidate = name
        var number = 2
        while !used.insert(candidate).inserted {
          candidate = "\(name)_\(number)"
          number += 1
        }
        return candidate
      }
    }
    for index in extendible { lengths[index] += 1 }
  }
}
