/// What a recorded number is called, in which units it is, and what it means.
public struct TrajectoryColumn: Hashable, Sendable {
  /// The name in files, such as "gradient_norm".
  public let name: String
  /// The units; "1" for a pure number.
  public let units: String
  /// What it is, in words.
  public let longName: String

  /// Describes a column.
  public init(_ name: String, units: String = "1", longName: String) {
    self.name = name
    self.units = units
    self.longName = longName
  }
}

/// What was recorded as training went: named columns along the steps, NaN where one was not computed.
public struct Trajectory: Sendable {
  /// The steps at which something was recorded, ascending.
  public private(set) var steps: [Int] = []
  /// The columns in the order in which they were last declared.
  public private(set) var columns: [TrajectoryColumn] = []
  private var values: [String: [Double]] = [:]

  /// Creates an empty one.
  public init() {}

  /// Makes a column the last one, NaN so far; one that is there already keeps its values and takes the new description.
  public mutating func declare(_ column: TrajectoryColumn) {
    columns.removeAll { $0.name == column.name }
    columns.append(column)
    if values[column.name] == nil { values[column.name] = [Double](repeating: .nan, count: steps.count) }
  }

  /// Writes one number. `column` has been declared, and no later step has been written to.
  public mutating func record(_ value: Double, column: String, step: Int) {
    precondition(values[column] != nil, "the column \(column) has not been declared")
    precondition(
      step >= steps.last ?? step, "step \(step) is recorded after step \(steps.last ?? step): steps only go forward")
    if steps.last != step {
      steps.append(step)
      for name in values.keys { values[name]?.append(.nan) }
    }
    values[column]?[steps.count - 1] = value
  }

  /// The numbers of a column, as many as there are steps; `nil` for a column that was never declared.
  public subscript(column: String) -> [Double]? { values[column] }

  /// Whether two have the same steps and columns and the same numbers bit for bit (NaN being the same as itself).
  public static func identical(_ first: Trajectory, _ second: Trajectory) -> Bool {
    first.steps == second.steps && first.columns == second.columns
      && first.values.mapValues { $0.map(\.bitPattern) } == second.values.mapValues { $0.map(\.bitPattern) }
  }

  /// Puts back recorded numbers; their columns have no descriptions until they are declared again.
  init(steps: [Int], values: [String: [Double]]) {
    self.steps = steps
    self.values = values
    columns = values.keys.sorted().map { TrajectoryColumn($0, longName: $0) }
  }

  /// All numbers by column.
  var allValues: [String: [Double]] { values }
}
