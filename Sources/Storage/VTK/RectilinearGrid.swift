/// Fields on a grid of points (x_i, y_j, 0) in the plane, as the legacy text format of VTK, which ParaView opens.
///
/// Source: "VTK File Formats" of the VTK user's guide, simple legacy format, RECTILINEAR_GRID.
public struct RectilinearGrid: Sendable, Equatable {
  /// One number at each point, x by x: that of (x_i, y_j) is `values[i * y.count + j]`.
  public struct Field: Sendable, Equatable {
    /// The name; blanks become underscores in the file.
    public var name: String
    /// The numbers.
    public var values: [Double]

    /// A field.
    public init(_ name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// What the file is called by programs; its first line only, and of that 255 bytes.
  public var title: String
  /// Ascending.
  public var x: [Double]
  /// Ascending.
  public var y: [Double]
  /// The fields, each with `x.count` times `y.count` values.
  public var fields: [Field]

  /// A grid.
  public init(title: String, x: [Double], y: [Double], fields: [Field]) {
    for field in fields {
      precondition(
        field.values.count == x.count * y.count,
        "the field \(field.name) has \(field.values.count) values on \(x.count) times \(y.count) points")
    }
    self.title = title
    self.x = x
    self.y = y
    self.fields = fields
  }

  /// Writes the text, whole or not at all.
  /// - Throws: `StorageError` when the file can't be written.
  public func write(to path: String) throws(StorageError) { try AtomicFile.write(Array(text.utf8), to: path) }

  /// The fields of a group that lie along two of its dimensions, those along others too once for each of their points, under
  /// names that end in its number: `loss` along [plane, alpha, beta] gives `loss_0`, `loss_1`. What the two dimensions are
  /// not the last of is left out. `nil` where the group does not have both, with numbers as coordinates.
  public init?(title: String, _ group: Group, along x: String, _ y: String) {
    func coordinates(_ name: String) -> [Double]? {
      group.dimensions.first { $0.name == name }?.coordinates?.doubles
    }
    guard let places = (coordinates(x), coordinates(y)) as? ([Double], [Double]) else { return nil }
    let size = places.0.count * places.1.count
    let fields = group.variables.flatMap { variable -> [Field] in
      guard variable.dimensions.suffix(2) == [x, y], size > 0, let values = variable.values.doubles else { return [] }
      let count = values.count / size
      return (0..<count).map { index in
        Field(
          variable.dimensions.count > 2 ? "\(variable.name)_\(index)" : variable.name,
          values: Array(values[index * size..<(index + 1) * size]))
      }
    }
    guard !fields.isEmpty else { return nil }
    self.init(title: title, x: places.0, y: places.1, fields: fields)
  }

  /// The file's text. What is not a number stands as `nan`. Cost: as many characters as there are digits.
  public var text: String {
    let line = String(decoding: title.prefix { !$0.isNewline }.utf8.prefix(255), as: UTF8.self)
    var text = """
      # vtk DataFile Version 3.0
      \(line)
      ASCII
      DATASET RECTILINEAR_GRID
      DIMENSIONS \(x.count) \(y.count) 1
      X_COORDINATES \(x.count) double
      \(Self.row(x))
      Y_COORDINATES \(y.count) double
      \(Self.row(y))
      Z_COORDINATES 1 double
      0
      POINT_DATA \(x.count * y.count)

      """
    for field in fields {
      let name = String(field.name.map { $0.isWhitespace ? "_" : $0 })
      text += "SCALARS \(name) double 1\nLOOKUP_TABLE default\n"
      // In the file x runs fastest.
      for column in y.indices { text += Self.row(x.indices.map { field.values[$0 * y.count + column] }) + "\n" }
    }
    return text
  }

  private static func row(_ numbers: [Double]) -> String {
    numbers.map { $0.isNaN ? "nan" : "\($0)" }.joined(separator: " ")
  }
}
