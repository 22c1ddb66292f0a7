internal import Storage
public import Surfaces
internal import Tensors

extension RunContext {
  /// Computes the cells of a grid that are missing, resumably: a run that was killed goes on from the cells that it kept,
  /// every 20 seconds and when it was asked to stop, and ends with the same bits.
  ///
  /// `name` is one of a stage's names. Progress is reported from the cells.
  /// Throws `Interruption` when the run is asked to stop, what `quantities` throws, and what can't be written or read.
  public func compute(
    _ name: String, _ grid: inout GridValues, of quantities: (Int) throws -> [Double]
  ) throws {
    let store = CheckpointStore(folder: checkpointFolder(name))
    let found = try store.newest()
    for error in found.damaged { message("\(error)") }
    if found.number != nil { grid = try found.group.gridValues(like: grid) }
    progressKept(Double(grid.cellCount - grid.missing.count) / Double(max(1, grid.cellCount)))
    var kept = ContinuousClock.now
    do {
      try grid.compute { cell in
        try checkCancellation()
        return try repeated("cell of \(name)") { try quantities(cell) }
      } cellFinished: { cell, now in
        progress(Double(cell + 1) / Double(now.cellCount))
        if kept.duration(to: .now) > .seconds(20) {
          try store.save(Group(now), number: now.cellCount - now.missing.count)
          kept = .now
        }
        return true
      }
    } catch let interruption as Interruption {
      try store.save(Group(grid), number: grid.cellCount - grid.missing.count)
      throw interruption
    }
  }
}

extension Group {
  fileprivate init(_ grid: GridValues) {
    self.init(
      dimensions: [Dimension("quantity", length: grid.fields.count), Dimension("cell", length: grid.cellCount)],
      variables: [
        Variable(
          "values", along: ["quantity", "cell"], shape: [grid.fields.count, grid.cellCount],
          values: grid.fields.flatMap { $0 })
      ])
  }

  /// The grid back, or the empty one where the checkpoint is of another shape, as one of another version may be.
  fileprivate func gridValues(like grid: GridValues) throws(StorageError) -> GridValues {
    let values: [Double] = try variable("values").elements()
    guard values.count == grid.fields.count * grid.cellCount, grid.cellCount > 0 else { return grid }
    return GridValues(
      fields: grid.fields.indices.map { Array(values[$0 * grid.cellCount..<($0 + 1) * grid.cellCount]) })
  }
}
