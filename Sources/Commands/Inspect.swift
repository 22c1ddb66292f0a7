internal import ArgumentParser
internal import Foundation
internal import Harness
internal import Storage
internal import Tensors

/// Shows what a result file holds.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what a result file holds: groups, variables, dimensions, attributes.",
    discussion: """
      Examples:
        landscape inspect results/mode-connectivity/0123456789abcdef.h5
        landscape inspect FILE.h5 --variable measurements/line/train_loss
        landscape inspect FILE.h5 --variable provenance/stage_seconds
      """)

  @Argument(help: "The file.") var file: String
  @Option(
    help: ArgumentHelp(
      "Print the values of a variable, behind the names along its axis if it has names.", valueName: "path"))
  var variable: String?
  @Flag(help: "As JSON.") var json = false

  private struct Entry: Encodable {
    let path: String
    let type: String
    let dimensions: [String]
    let shape: [Int]
    let units: String
    let longName: String
    let values: [Double]?
    let strings: [String]?

    init(_ path: String, _ variable: Variable, withValues: Bool) {
      self.path = path
      type = variable.values.typeName
      dimensions = variable.dimensions
      shape = variable.shape.dimensions
      units = variable.units
      longName = variable.longName
      values = withValues ? variable.values.doubles : nil
      if withValues, case .strings(let texts) = variable.values { strings = texts } else { strings = nil }
    }
  }

  private struct Content: Encodable {
    let attributes: [String: String]
    let remarks: [String]
    let variables: [Entry]
  }

  func run() throws {
    let console = Console.current
    if let path = variable {
      let variable = try GroupFile(file).variable(path)
      if json {
        try console.out(Commands.json(Entry(path, variable, withValues: true)))
      } else if case .strings(let texts) = variable.values {
        try console.out(texts.map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }.joined())
      } else {
        try console.out(rows(of: variable, names: try names(along: variable, at: path)))
      }
      return
    }
    let group = try GroupFile(file).read()
    if json {
      try console.out(
        Commands.json(
          Content(
            attributes: Dictionary(
              group.attributes.filter { $0.name != "remarks" }.map { ($0.name, $0.value.description) },
              uniquingKeysWith: { first, _ in first }),
            remarks: group.remarks,
            variables: group.variablePaths.map { Entry($0.path, $0.variable, withValues: false) })))
    } else {
      let remarks = group.remarks.map { "  remark: \($0)\n" }.joined()
      try console.out(file + "\n" + remarks + listing(group, told: group.remarks, indent: "  "))
    }
  }

  /// The names along the axis of a variable of one axis, along the first of one of two; `nil` where points have none.
  private func names(along variable: Variable, at path: String) throws -> [String]? {
    guard (1...2).contains(variable.dimensions.count), let axis = variable.dimensions.first else { return nil }
    let above = path.split(separator: "/").dropLast().joined(separator: "/")
    let dimensions = try GroupFile(file).read("/\(above)").dimensions
    if case .strings(let names)? = dimensions.first(where: { $0.name == axis })?.coordinates { return names }
    return nil
  }

  /// A row of numbers on each line; one for each name.
  private func rows(of variable: Variable, names: [String]?) -> String {
    let values = variable.values.texts
    let row = names.map { values.count / max(1, $0.count) } ?? variable.shape.dimensions.last ?? 1
    let width = names?.map(\.count).max() ?? 0
    var text = ""
    for (number, start) in stride(from: 0, to: values.count, by: max(1, row)).enumerated() {
      if let name = names?[number] { text += name.padding(toLength: width + 2, withPad: " ", startingAt: 0) }
      text += values[start..<min(start + max(1, row), values.count)].joined(separator: " ") + "\n"
    }
    return text
  }

  /// What a group holds. Remarks stand in lines of their own, and those that were told at the head of the file there alone.
  private func listing(_ group: Group, told: [String], indent: String) -> String {
    var text = ""
    for remark in group.remarks where !told.contains(where: { $0 == remark || $0.hasSuffix(": \(remark)") }) {
      text += "\(indent)remark: \(remark)\n"
    }
    for (name, value) in group.attributes where name != "remarks" {
      text += "\(indent)@\(name) = \(value.description)\n"
    }
    for dimension in group.dimensions {
      text += "\(indent)\(dimension.name): dimension of \(dimension.length)"
      if dimension.coordinates != nil, !dimension.units.isEmpty { text += " [\(dimension.units)]" }
      text += ", \(dimension.longName)\n"
    }
    for variable in group.variables {
      let axes = zip(variable.dimensions, variable.shape.dimensions).map { "\($0)=\($1)" }.joined(separator: ", ")
      text += "\(indent)\(variable.name)(\(axes)) \(variable.values.typeName)"
      if !variable.units.isEmpty { text += " [\(variable.units)]" }
      if variable.values.count == 1, variable.values.doubles != nil { text += " = \(variable.values.texts[0])" }
      text += ", \(variable.longName)\n"
    }
    for (name, inner) in group.groups {
      text += "\(indent)\(name)/\n" + listing(inner, told: told, indent: indent + "  ")
    }
    return text
  }
}

extension Values {
  /// Each element as it was stored: integers without a point, no digits beyond its precision.
  fileprivate var texts: [String] {
    switch self {
    case .float32(let values): values.map(\.description)
    case .float64(let values): values.map(\.description)
    case .int64(let values): values.map(\.description)
    case .uint8(let values): values.map(\.description)
    case .strings(let values): values
    }
  }
}
