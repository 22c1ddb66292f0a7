import Datasets
import Harness
import Networks
import Statistics
import Storage
import Surfaces
import Tensors

/// Dinh's rescaling of a trained ReLU network: the same function elsewhere in parameter space, measured in Float64.
struct Reparametrization {
  let minimum: Minimum<Float>
  let factor: Double
  let settings: MeasureSettings
  let context: RunContext

  /// The measures at both points, and the difference of what they compute. The L2 term, which is no part of the function,
  /// is left out. Cost: twice all measures.
  func group() throws -> Group {
    let network = minimum.network
    var recipe = minimum.recipe
    recipe.l2 = 0
    let objective = recipe.objective(of: network, on: minimum.data.train, as: Double.self)
    let point = minimum.parameters.map { Double($0) }
    let rescaling = Rescaling(ofLayer: 0, by: factor, in: network.parts, dimension: network.parameterCount)
    let moved = rescaling(point)
    let outputs = objective.outputs(at: point).elements
    let differences = zip(outputs, objective.outputs(at: moved).elements).map { abs($0 - $1) }
    func measured(_ name: String, at place: [Double]) throws -> Group {
      let cost = "measures in Float64 \(settings.costKey) \(recipe.evaluationCost(of: network))"
      return try context.stage(name, share: 0.5, cost: cost) {
        try Measurement(
          settings: settings, objective: objective, parts: network.parts, point: place,
          key: context.key.child("rescaling"), context: context
        ).group()
      }
    }
    let size = largest(outputs.map { abs($0) })
    return Group(
      variables: [
        Variable("factor", value: factor, longName: "what the first layer is multiplied and the second divided by"),
        Variable(
          "function_difference",
          value: largest(differences) / size,
          longName: "largest difference of an output on the training set, as a share of the largest output"),
      ],
      attributes: size == 0
        ? ["remarks": .strings(["all outputs are zero, so that their difference is no share of the largest"])] : [:],
      groups: ["original": try measured("original", at: point), "rescaled": try measured("rescaled", at: moved)])
  }
}
