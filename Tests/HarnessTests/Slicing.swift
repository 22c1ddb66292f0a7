import Components
import Configuration
import Curvature
import Differentiation
import Harness
import Networks
import Storage
import Tensors
import Testing

/// A minimum with its slices, as a plug-in's author would write it.
enum Slicing: Experiment {
  struct Settings: Configurable {
    var minimum = Slicing.recipe
    var slices = SliceSettings(lines: 2)
    var isPruned = false
    var isMoved = false
    static let schema = Schema<Self> {
      Section("minimum", \.minimum, "The minimum.")
      Section("slices", \.slices, "Lines and planes through it.")
      Setting("pruned", \.isPruned, "Whether some places alone are parameters.")
      Setting("moved", \.isMoved, "Whether slices are taken beside the minimum.")
    }
  }
  static let name = "slicing"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()

  /// Of the 385 parameters, across the borders of tensors.
  static let places = [3..<40, 100..<200, 318..<323, 330..<360, 374..<380]

  static var recipe: Recipe {
    var recipe = Recipe()
    recipe.network.hidden = [5]
    (recipe.data.trainCount, recipe.data.testCount) = (60, 30)
    recipe.steps = 30
    return recipe
  }

  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let minimum = Minimum<Float>(try context.minimum(of: settings.minimum, share: 0.5))
    var measurements = Group()
    var center = SliceCenter(minimum)
    if settings.isPruned { center.places = places }
    if settings.isMoved {
      center = SliceCenter(
        recipe: minimum.recipe, network: minimum.network, data: minimum.data, evaluation: minimum.evaluation(),
        point: minimum.parameters.map { 1.01 * $0 }, training: center.training)
    }
    measurements.groups["slices"] = try context.slices(settings.slices, at: center, share: 0.5)
    return RunResult(measurements: measurements)
  }
}

/// The slices of one run, and what they were taken of.
func sliced(
  _ change: (inout Slicing.Settings) -> Void = { _ in }, seed: Int = 2,
  _ check: (Group, TrainedMinimumParts) throws -> Void
) throws {
  var settings = Slicing.Settings()
  change(&settings)
  #expect(settings.conflict == nil)
  try withFolder { folder in
    let run = Slicing.planned(settings, seed: seed)
    #expect(Batch([run], folder: folder).execute()[0].ending == .finished)
    let group = try #require(try measurements(run, in: folder)).group("slices")
    let data = try settings.minimum.data.load()
    let recipe = settings.minimum.pinned()
    let path = folder.minimum(digest: recipe.digest(experiment: "minimum/float32", seed: seed))
    let file = try RunFile.read(path)
    let steps: Int = try file.measurements.variable("steps").value()
    try check(
      group,
      TrainedMinimumParts(
        network: try settings.minimum.network(for: data),
        start: try file.checkpoints.group("0").parameters(), end: try file.checkpoints.group("\(steps)").parameters(),
        evaluation: {
          SplitEvaluation<Float>(recipe, of: try settings.minimum.network(for: data), on: data)
        }))
  }
}

struct TrainedMinimumParts {
  let network: Network
  let start: [Float]
  let end: [Float]
  /// A new one at each call, so that no moments of another point are left in it.
  let evaluation: () throws -> SplitEvaluation<Float>

  func moved(_ moves: [(Double, [Float])]) -> [Float] {
    var point = end
    for (distance, direction) in moves { point.add(Float(distance), times: direction) }
    return point
  }
}

/// The normals of a line, where a place is a parameter.
func drawnDirection(
  _ line: Int, seed: Int, of parts: TrainedMinimumParts, at places: [Range<Int>]? = nil
) -> [Float] {
  var generator = Key(seed: UInt64(seed)).child("slices").child(line).generator()
  let drawn: [Float] = generator.normals(parts.end.count)
  guard let places else { return drawn }
  return drawn.indices.map { index in places.contains { $0.contains(index) } ? drawn[index] : 0 }
}

/// A random direction, filter by filter along the last axis of each tensor, by nothing but loops over its places.
func filterNormalized(
  _ line: Int, seed: Int, of parts: TrainedMinimumParts, withoutBiases: Bool = false, at places: [Range<Int>]? = nil
) -> [Float] {
  let drawn = drawnDirection(line, seed: seed, of: parts, at: places)
  var result = [Float](repeating: 0, count: drawn.count)
  for (parameter, block) in zip(parts.network.parameters, parts.network.layout.blocks) {
    if withoutBiases && !parameter.isWeight { continue }
    let units = block.shape.dimensions.last ?? 1
    for unit in 0..<units {
      let column = block.range.filter { ($0 - block.offset) % units == unit }
      let length = column.reduce(0.0) { $0 + Double(parts.end[$1]) * Double(parts.end[$1]) }
      let random = column.reduce(0.0) { $0 + Double(drawn[$1]) * Double(drawn[$1]) }
      // A unit without a parameter is not moved.
      guard random > 0 else { continue }
      for place in column { result[place] = drawn[place] * Float((length / random).squareRoot()) }
    }
  }
  return result
}

/// All eigenvalues, ascending, by LAPACK.
func dense(_ matrix: any LinearOperator<Float>) throws -> [Double] {
  let spectrum = DenseSpectrum(of: matrix)
  return try #require(spectrum).values
}
