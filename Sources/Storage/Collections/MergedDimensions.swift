import Tensors

/// The dimensions of several runs, made one for each that is the same.
struct MergedDimensions {
  /// The merged ones, each once.
  private(set) var dimensions: [Dimension] = []
  private var names: [String: String] = [:]
  /// Coordinates that differ between runs beyond their length: by run, along the dimension of that name.
  private var differing: [(name: String, dimension: Dimension, coordinates: [Values?])] = []

  /// - Parameter runs: for each run, its dimensions by path.
  init(_ runs: [[String: Dimension]], axes: SweepAxes, taken: inout Set<String>) {
    let paths = Set(runs.flatMap(\.keys)).sorted()
    let merged = paths.map { path in MergedDimensions.merge(runs.map { $0[path] }) }
    // Equal ones of one name are one: the first path stands for all.
    var representatives: [Int] = []
    var representative: [Int] = []
    for index in paths.indices {
      let same = representatives.first { merged[$0].dimension == merged[index].dimension && !merged[$0].differs }
      representative.append(same ?? index)
      if same == nil { representatives.append(index) }
    }
    let chosen = uniqueNames(
      representatives.map { paths[$0].split(separator: "/").map(String.init) }, taken: taken)
    for (index, name) in zip(representatives, chosen) {
      var dimension = merged[index].dimension
      dimension.name = name
      dimensions.append(dimension)
      taken.insert(name)
      if merged[index].differs {
        let coordinates = uniqueNames([["\(name)_coordinates"]], taken: taken)[0]
        taken.insert(coordinates)
        differing.append((coordinates, dimension, runs.map { $0[paths[index]]?.coordinates }))
      }
    }
    for (index, path) in paths.enumerated() {
      if let place = representatives.firstIndex(of: representative[index]) { names[path] = chosen[place] }
    }
  }

  /// The name in the collection of the dimension at a path in the runs.
  func name(of path: String) -> String { names[path] ?? path }

  /// Each run's own coordinates, where they could not be shared.
  func coordinateVariables(of plan: CollectionPlan) -> [Variable] {
    differing.map { entry in
      let rows = plan.axisLengths.reduce(1, *)
      let length = entry.dimension.length
      func placed<Element>(_ missing: Element, _ elements: (Values) -> [Element]?) -> [Element] {
        var all = [Element](repeating: missing, count: rows * length)
        for (position, coordinates) in zip(plan.axes.positions, entry.coordinates) {
          guard let coordinates, let own = elements(coordinates) else { continue }
          let start = plan.offset(of: position) * length
          all.replaceSubrange(start..<(start + own.count), with: own)
        }
        return all
      }
      let isText = entry.coordinates.contains { $0?.typeName == "string" }
      let values: Values =
        isText
        ? .strings(placed("") { String.elements(of: $0) }) : .float64(placed(.nan) { Double.elements(of: $0) })
      return Variable(
        entry.name, along: plan.axes.dimensions.map(\.name) + [entry.dimension.name],
        shape: Shape(plan.axisLengths + [length]), values: values, units: entry.dimension.units,
        longName: entry.dimension.longName)
    }
  }

  /// One dimension for all runs: the longest, with its coordinates where all others are beginnings of them.
  private static func merge(_ candidates: [Dimension?]) -> (dimension: Dimension, differs: Bool) {
    let present = candidates.compactMap { $0 }
    var longest = present.max { $0.length < $1.length } ?? Dimension("", length: 0)
    longest.isExtendible = false
    let agree = present.allSatisfy { candidate in
      switch (candidate.coordinates, longest.coordinates) {
      case (nil, nil): true
      case (let shorter?, let longer?): longer.prefix(shorter.count) == shorter
      default: false
      }
    }
    if agree { return (longest, false) }
    longest.coordinates = nil
    return (longest, true)
  }
}

extension Values {
  /// The first elements.
  func prefix(_ count: Int) -> Values {
    switch self {
    case .float32(let values): .float32(Array(values.prefix(count)))
    case .float64(let values): .float64(Array(values.prefix(count)))
    case .int64(let values): .int64(Array(values.prefix(count)))
    case .uint8(let values): .uint8(Array(values.prefix(count)))
    case .strings(let values): .strings(Array(values.prefix(count)))
    }
  }
}
