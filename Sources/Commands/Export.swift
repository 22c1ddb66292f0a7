public import ArgumentParser
internal import Foundation
public import Harness
internal import Storage
internal import Tensors

/// Writes the weights of a run, or a plane that it measured, into a file of another format.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write weights of a run as safetensors, or a plane as VTK, for other programs.",
    discussion: """
      Without --checkpoint it writes the only weights that the run keeps, or those of its last step; a message names what \
      there is. Of several checkpoints each tensor's name begins with its checkpoint's. Masks are bytes, 1 where a weight \
      is left. The file's metadata hold the layout and the run's configuration.

      Layouts: landscape keeps names and axes of the run file, dense1/weight [inputs, units] and convolutions [height, \
      width, inputs, units]. pytorch is a state dict: dense1.weight [units, inputs], convolutions [units, inputs, height, \
      width], scales of normalizations as weight. A dense layer after images takes its inputs in the order [height, width, \
      channels] in both.

      A plane goes with all its fields into a rectilinear grid of VTK's text format, which ParaView opens ("Warp By Scalar" \
      makes it a surface); what is not a number stays nan.

      Examples:
        landscape export results/minima/0123456789abcdef.h5 --to weights.safetensors
        landscape export results/mode-connectivity/0123456789abcdef.h5 --checkpoint first --checkpoint second \
      --layout pytorch --to ends.safetensors
        landscape export results/lottery-ticket/0123456789abcdef.h5 --all --to tickets.safetensors
        landscape export results/mode-connectivity/0123456789abcdef.h5 --plane plane --to plane.vtk
      """)

  @Argument(help: ArgumentHelp("The run file.", valueName: "run")) var path: String
  @Option(
    name: .customLong("to"),
    help: ArgumentHelp("The file to write; it ends in .safetensors or .vtk.", valueName: "file"))
  var target: String
  @Option(
    name: .customLong("checkpoint"),
    help: ArgumentHelp("Which weights, such as first, 2000, ticket_3 or mask_3; may be repeated.", valueName: "name"))
  var checkpoints: [String] = []
  @Flag(help: "All weights and masks of the run.") var all = false
  @Option(help: "How tensors are named and laid out.") var layout = WeightLayout.landscape
  @Option(
    help: ArgumentHelp("Which plane, such as plane or slices/planes; without it the only one.", valueName: "group"))
  var plane: String?
  @Flag(help: "As JSON.") var json = false

  private struct Summary: Encodable {
    struct Entry: Encodable {
      let name: String
      let shape: [Int]
      let type: String
    }
    let file: String
    let run: String
    let layout: String
    let checkpoints: [String]
    let tensors: [Entry]
  }

  private struct PlaneSummary: Encodable {
    let file: String
    let run: String
    let points: [Int]
    let fields: [String]
  }

  func validate() throws {
    guard target.hasSuffix(".safetensors") || isPlane else {
      throw ValidationError("--to is \(target), but must end in .safetensors for weights or .vtk for a plane.")
    }
    if isPlane, all || !checkpoints.isEmpty || layout != .landscape {
      throw ValidationError("--all, --checkpoint and --layout are for weights, and \(target) takes a plane.")
    }
    if !isPlane, plane != nil {
      throw ValidationError("--plane is for a file that ends in .vtk, and --to is \(target).")
    }
    if all, !checkpoints.isEmpty { throw ValidationError("--all and --checkpoint exclude each other.") }
  }

  private var isPlane: Bool { target.hasSuffix(".vtk") }

  func run() throws {
    let files = [path, target].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().standardizedFileURL }
    guard files[0] != files[1] else { throw HarnessError.usage("--to names the run file itself, \(target).") }
    try isPlane ? exportPlane() : exportWeights()
  }

  private func exportPlane() throws {
    let grid = try RunPlanes(path).grid(plane)
    try grid.write(to: target)
    let fields = grid.fields.map(\.name)
    try Console.current.out(
      json
        ? try Commands.json(
          PlaneSummary(file: target, run: path, points: [grid.x.count, grid.y.count], fields: fields))
        : "\(target): \(grid.x.count) x \(grid.y.count) points with \(fields.joined(separator: ", "))\n")
  }

  private func exportWeights() throws {
    let weights = try RunWeights(path)
    var chosen = all ? weights.names : try checkpoints.map { try weights.name($0) }
    if chosen.isEmpty { chosen = [try weights.name()] }
    guard Set(chosen).count == chosen.count else {
      throw HarnessError.usage("--checkpoint names one of \(chosen.joined(separator: ", ")) twice.")
    }
    let file = try weights.exported(chosen, layout: layout)
    try file.write(to: target)
    try Console.current.out(
      json
        ? try Commands.json(
          Summary(
            file: target, run: path, layout: layout.rawValue, checkpoints: chosen,
            tensors: file.entries.map {
              .init(name: $0.name, shape: $0.shape.dimensions, type: $0.values.typeName)
            }))
        : "\(target): \(file.entries.count) tensors of \(chosen.joined(separator: ", "))\n")
  }
}

extension WeightLayout: ExpressibleByArgument {}
