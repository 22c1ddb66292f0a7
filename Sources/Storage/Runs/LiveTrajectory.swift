import CHDF5
import Synchronization
import Tensors

/// The trajectory of a run that goes on, in a file that others may follow while it grows.
///
///     let live = try LiveTrajectory("a1b2.partial/trajectory.h5", startingFrom: trajectory)
///     try live.append(step: 100, ["loss": 0.31, "learning_rate": 0.1])
///
/// The file is in HDF5's single-writer/multiple-reader mode; in Python, `h5py.File(path, swmr=True)` and `refresh()` on a
/// dataset show what has been added, and `LiveTrajectory.read(_:)` does so here. It holds the group `trajectory` as a run
/// file does. It is for looking on: what a run needs in order to go on belongs in its checkpoints, and a run that goes on
/// makes the file anew from there.
public final class LiveTrajectory: Sendable {
  private struct Column {
    var name: String
    var dataset: hid_t
    /// The elements of one row, and the extents behind `step`.
    var width: Int
    var extents: [hsize_t]
  }

  private struct State {
    var file: hid_t
    var step: hid_t
    var columns: [Column]
    var rows: Int
    var isOpen = true
  }

  /// Where the file is.
  public let path: String
  private let state: Mutex<State>

  /// Writes the file with what the trajectory holds so far, and opens it for appending.
  ///
  /// - Parameter trajectory: a group with the dimension `step` with integer coordinates, and float64 variables whose first
  ///   dimension it is; anything else is a programmer's error. Variables without `step` stay as they are.
  /// - Throws: `StorageError` as for `GroupFile.write(_:)`.
  public init(_ path: String, startingFrom trajectory: Group) throws(StorageError) {
    var trajectory = trajectory
    guard let index = trajectory.dimensions.firstIndex(where: { $0.name == "step" }),
      case .int64(let steps)? = trajectory.dimensions[index].coordinates
    else { preconditionFailure("a live trajectory needs the dimension \"step\" with integer coordinates") }
    trajectory.dimensions[index].isExtendible = true
    let growing = trajectory.variables.filter { $0.dimensions.contains("step") }
    for variable in growing {
      precondition(
        variable.dimensions.first == "step" && variable.values.typeName == "float64",
        "the variable \"\(variable.name)\" of a live trajectory must be float64 with \"step\" as its first dimension")
    }
    self.path = path
    try GroupFile(path).write(Group(groups: ["trajectory": trajectory]), live: true)
    do throws(LibraryError) {
      state = Mutex(
        try Library.exclusively { () throws(LibraryError) in
          try LiveTrajectory.open(path, growing, rows: steps.count)
        })
    } catch { throw StorageError(writing: error, to: path) }
  }

  deinit {
    state.withLock { LiveTrajectory.close(&$0) }
  }

  /// Adds one row: numbers for variables along `step` alone, arrays for those with further dimensions.
  ///
  /// A variable that is not named gets NaN. An unknown name, or an array of another length than a row, is a programmer's
  /// error. Cost: one small write for each variable; a reader sees the row once this returns.
  /// - Throws: `StorageError` when the file cannot be written, or was closed.
  public func append(
    step: Int, _ numbers: [String: Double], arrays: [String: [Double]] = [:]
  ) throws(StorageError) {
    let row = arrays.merging(numbers.mapValues { [$0] }) { _, number in number }
    do throws(LibraryError) {
      try state.withLock { (state) throws(LibraryError) in
        guard state.isOpen else { throw LibraryError("/trajectory", "the live trajectory was closed before") }
        let names = state.columns.map(\.name)
        for name in row.keys { precondition(names.contains(name), "\"\(name)\" is not among \(names)") }
        try Library.exclusively { () throws(LibraryError) in
          for column in state.columns {
            let values = row[column.name] ?? [Double](repeating: .nan, count: column.width)
            precondition(
              values.count == column.width, "\(values.count) numbers for a row of \(column.width) of \(column.name)")
            try LiveTrajectory.append(.float64(values), to: column, row: state.rows)
          }
          // The step last: a reader that counts steps finds every variable at least as long.
          let column = Column(name: "step", dataset: state.step, width: 1, extents: [])
          try LiveTrajectory.append(.int64([Int64(step)]), to: column, row: state.rows)
        }
        state.rows += 1
      }
    } catch { throw StorageError(writing: error, to: path) }
  }

  /// Closes the file; what was appended stays readable. A second call does nothing.
  public func close() { state.withLock { LiveTrajectory.close(&$0) } }

  /// Reads the trajectory as far as it has come, while it is being written or later.
  /// - Throws: `StorageError` as for `GroupFile.read(_:)`.
  public static func read(_ path: String) throws(StorageError) -> Group {
    var group = try GroupFile(path).reading(live: true) { (reader) throws(LibraryError) in
      try reader.tree(at: "/trajectory")
    }
    // The steps were read first, so that a variable may have grown beyond them since.
    let count = try group.dimension("step").length
    group.variables = try group.variables.map { (variable) throws(StorageError) in
      guard variable.dimensions.first == "step", variable.shape[0] != count else { return variable }
      let shape = Shape([count] + variable.shape.dimensions.dropFirst())
      return Variable(
        variable.name, along: variable.dimensions, shape: shape,
        values: .float64(Array(try variable.elements(Double.self).prefix(shape.count))), units: variable.units,
        longName: variable.longName, attributes: variable.attributes)
    }
    return group
  }
}

extension LiveTrajectory {
  private static func open(_ path: String, _ variables: [Variable], rows: Int) throws(LibraryError) -> State {
    let access = try GroupFile.accessProperties(live: true)
    let file = try check("/", H5Fopen(path, h5_write_live(), access.id))
    do throws(LibraryError) {
      func dataset(_ name: String) throws(LibraryError) -> hid_t {
        try check(name, H5Dopen2(file, "/trajectory/\(name)", h5_default()))
      }
      return State(
        file: file, step: try dataset("step"),
        columns: try variables.map { (variable) throws(LibraryError) in
          let extents = variable.shape.dimensions.dropFirst()
          return Column(
            name: variable.name, dataset: try dataset(variable.name), width: extents.reduce(1, *),
            extents: extents.map { hsize_t($0) })
        }, rows: rows)
    } catch {
      // The file closes what was opened in it.
      _ = H5Fclose(file)
      throw error
    }
  }

  private static func append(_ values: Values, to column: Column, row: Int) throws(LibraryError) {
    let name = column.name
    try check(name, H5Dset_extent(column.dataset, [hsize_t(row + 1)] + column.extents))
    let space = try Handle(name, H5Dget_space(column.dataset), closedBy: H5Sclose)
    let start = [hsize_t(row)] + column.extents.map { _ in 0 }
    let count = [1] + column.extents
    if column.width > 0 {
      try check(name, H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, nil, count, nil))
      let memory = try Handle(name, H5Screate_simple(Int32(count.count), count, nil), closedBy: H5Sclose)
      try ElementType(values).withIdentifier(inFile: false) { (type) throws(LibraryError) in
        _ = try values.withRawPointer { (pointer) throws(LibraryError) in
          try check(name, H5Dwrite(column.dataset, type, memory.id, space.id, h5_default(), pointer))
        }
      }
    }
    try check(name, H5Dflush(column.dataset))
  }

  private static func close(_ state: inout State) {
    guard state.isOpen else { return }
    let file = state.file
    state.isOpen = false
    // Every append has flushed already; closing the file closes its datasets.
    Library.exclusively { _ = H5Fclose(file) }
  }
}
