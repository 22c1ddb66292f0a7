import Tensors

/// What a collection will hold, worked out from the headers of its runs.
struct CollectionPlan {
  /// A variable of the collection and where its parts come from.
  struct Merged {
    var name: String
    var type: ElementType
    /// Axes of the sweep first.
    var dimensions: [String]
    var shape: [Int]
    var units: String
    var longName: String
    /// The run, the path within its file, and the shape there.
    var parts: [(run: Int, path: String, shape: [Int])]
  }

  let runs: [RunCollection.Run]
  let axes: SweepAxes
  private(set) var variables: [Merged] = []
  /// Everything but the merged variables.
  private(set) var group = Group()

  init(_ runs: [RunCollection.Run], for path: String) throws(StorageError) {
    self.runs = runs
    axes = try SweepAxes(runs, for: path)
    var headers: [RunFileHeader] = []
    var outlines: [[VariableOutline]] = []
    var dimensions: [[String: Dimension]] = []
    for run in runs {
      headers.append(try RunFile.header(of: run.path))
      let outline = try GroupFile(run.path).reading { (reader) throws(LibraryError) in
        let measurements = try reader.outline(of: "/measurements")
        let trajectory = try reader.outline(of: "/trajectory")
        return (
          measurements.variables + trajectory.variables,
          measurements.dimensions.merging(trajectory.dimensions) { one, _ in one }
        )
      }
      outlines.append(outline.0)
      dimensions.append(outline.1)
    }
    for (run, header) in zip(runs, headers) where header.experiment != headers[0].experiment {
      throw StorageError(
        .invalidContent, "write", path,
        detail: "\(run.path) is of the experiment \(header.experiment), \(runs[0].path) of \(headers[0].experiment)",
        mend: "Collect each experiment by itself.")
    }
    var taken = Set(axes.dimensions.map(\.name) + axes.companions.map(\.name) + ["run_id", "status"])
    let merged = MergedDimensions(dimensions, axes: axes, taken: &taken)
    variables = try merge(outlines, merged, taken, for: path)
    group = Group(
      dimensions: axes.dimensions + merged.dimensions,
      variables: axes.companions + [
        texts("run_id", headers.map(\.runID), "identity of the run"),
        texts("status", headers.map(\.status.rawValue), "how the run ended"),
      ] + merged.coordinateVariables(of: self),
      attributes: [
        "Conventions": .string(RunFileHeader.conventions),
        "title": .string("\(headers[0].title): \(runs.count) runs side by side"),
        "source": .string(headers[0].source), "references": .string(headers[0].references.joined(separator: "; ")),
        "experiment": .string(headers[0].experiment), "format_version": .string(GroupFile.formatVersion),
      ])
  }

  /// Whether every combination of the axes has a run.
  var isFull: Bool { runs.count == axes.dimensions.map(\.length).reduce(1, *) }

  /// The lengths of the sweep's axes.
  var axisLengths: [Int] { axes.dimensions.map(\.length) }

  private func texts(_ name: String, _ values: [String], _ longName: String) -> Variable {
    var placed = [String](repeating: "", count: axisLengths.reduce(1, *))
    for (position, value) in zip(axes.positions, values) { placed[offset(of: position)] = value }
    return Variable(
      name, along: axes.dimensions.map(\.name), shape: Shape(axisLengths), values: placed, longName: longName)
  }

  /// The index of a run's place among all combinations.
  func offset(of position: [Int]) -> Int { zip(position, axisLengths).reduce(0) { $0 * $1.1 + $1.0 } }

  private func merge(
    _ outlines: [[VariableOutline]], _ merged: MergedDimensions, _ taken: Set<String>, for path: String
  ) throws(StorageError) -> [Merged] {
    var order: [String] = []
    var members: [String: [(run: Int, outline: VariableOutline)]] = [:]
    for (run, outline) in outlines.enumerated() {
      for variable in outline {
        if members[variable.path] == nil { order.append(variable.path) }
        members[variable.path, default: []].append((run, variable))
      }
    }
    let names = uniqueNames(order.map { $0.split(separator: "/").map(String.init) }, taken: taken)
    var result: [Merged] = []
    for (variablePath, name) in zip(order, names) {
      let parts = members[variablePath] ?? []
      guard let first = parts.first else { continue }
      var type = first.outline.type
      for part in parts {
        guard part.outline.dimensions == first.outline.dimensions,
          (part.outline.type == .string) == (type == .string)
        else {
          throw StorageError(
            .invalidContent, "write", path,
            detail: "\(variablePath) has other dimensions or another type in \(runs[part.run].path) than in "
              + runs[first.run].path,
            mend: "Collect runs of one version of the experiment.")
        }
        if part.outline.type != type { type = .float64 }
      }
      let own = first.outline.dimensions.map { merged.name(of: $0) }
      let extents = own.map { name in merged.dimensions.first { $0.name == name }?.length ?? 0 }
      let isComplete = isFull && parts.count == runs.count && parts.allSatisfy { $0.outline.shape == extents }
      if !isComplete, type == .int64 || type == .uint8 { type = .float64 }
      result.append(
        Merged(
          name: name, type: type, dimensions: axes.dimensions.map(\.name) + own, shape: axisLengths + extents,
          units: first.outline.units, longName: first.outline.longName,
          parts: parts.map { ($0.run, variablePath, $0.outline.shape) }))
    }
    return result
  }
}
