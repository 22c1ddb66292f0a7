public import Storage

/// The planes of a run file: its groups with fields along `alpha` and `beta`.
public struct RunPlanes: Sendable {
  /// The file.
  public let path: String
  /// The groups' paths, such as `measurements/plane`.
  public let names: [String]
  private let header: RunFileHeader

  /// Opens a run file and looks for its planes.
  /// - Throws: `StorageError`: the errors of `RunFile.header(of:)`; `absent` for a run without planes.
  public init(_ path: String) throws(StorageError) {
    self.path = path
    header = try RunFile.header(of: path)
    names = Self.planes(in: try GroupFile(path).read("measurements"), at: "measurements")
    guard !names.isEmpty else {
      throw StorageError(
        .absent, "read", path, detail: "it holds no plane",
        mend: "Name a run of mode-connectivity that measured a plane, or one with slices.plane_points set.")
    }
  }

  /// A plane with all fields on it; `nil` takes the only one.
  /// - Throws: `StorageError` that names those that there are.
  public func grid(_ wanted: String? = nil) throws(StorageError) -> RectilinearGrid {
    let name = wanted.map { $0.hasPrefix("measurements/") ? $0 : "measurements/\($0)" } ?? names[0]
    let isChosen = wanted != nil || names.count == 1
    guard isChosen, names.contains(name),
      let grid = RectilinearGrid(
        title: "\(header.title), \(name)", try GroupFile(path).read(name), along: "alpha", "beta")
    else {
      throw StorageError(
        .absent, "read", path, detail: isChosen ? "it has no plane \(wanted ?? name)" : "it has several planes",
        mend: "Choose with --plane among \(names.joined(separator: ", ")).")
    }
    return grid
  }

  private static func planes(in group: Group, at path: String) -> [String] {
    let isPlane = RectilinearGrid(title: "", group, along: "alpha", "beta") != nil
    return (isPlane ? [path] : []) + group.groups.flatMap { planes(in: $0.value, at: "\(path)/\($0.name)") }
  }
}
