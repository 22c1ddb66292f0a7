import Components
import Optimizers
import Tensors
import Testing

/// Learning rates and steps by which methods of other habits come as far as the rest.
private let habits: [String: (rate: Double, steps: Int)] = [
  "adadelta": (30, 300), "lars": (20, 300), "lamb": (0.02, 300), "entropy-sgd": (30, 300), "ema": (0.1, 3000),
  "polyak": (1, 300), "line-search": (1, 300), "l-bfgs": (1, 30), "newton": (1, 30), "saddle-free-newton": (1, 30),
  "hessian-free": (1, 30), "k-fac": (1, 60),
]

private func candidate(_ entry: OptimizerCatalogue.Entry) -> Candidate {
  let (rate, steps) = habits[entry.component.name] ?? (0.1, 300)
  // The softmax does not change when all outputs rise alike: without damping its Hessian is singular.
  let recipe: DescentRecipe =
    switch entry.recipe {
    case .newton(_, let isSaddleFree): .newton(damping: 0.01, isSaddleFree: isSaddleFree)
    default: entry.recipe
    }
  return Candidate(recipe, name: entry.component.name, rate: rate, steps: steps)
}

@Suite("Every method of the catalogue")
struct CheckerTests {
  @Test(
    "descends, resumes bit for bit, repeats itself, rests at rate 0 and refuses other states",
    arguments: OptimizerCatalogue.components.map(\.name))
  func check(name: String) throws {
    let entry = try #require(OptimizerCatalogue.entries.first { $0.component.name == name })
    let complaints = try MethodCheck.complaints(about: candidate(entry))
    #expect(complaints == [])
  }

  @Test("has a name of its own, which the method bears, and a description")
  func descriptions() {
    let names = OptimizerCatalogue.components.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(habits.keys).isSubset(of: names))
    for entry in OptimizerCatalogue.entries {
      let component = entry.component
      #expect(entry.recipe.make(dimension: 2, as: Float.self).name == component.name)
      #expect(component.kind == .optimizer && !component.summary.isEmpty && !component.references.isEmpty)
      #expect(Set(component.settings.map(\.name)).count == component.settings.count)
    }
  }
}

// What the checker must find.

/// Momentum whose velocity is not part of its state.
private struct Forgetful<Element: Scalar>: Optimizer {
  var velocity: [Element]
  var name: String { "forgetful" }
  var dimension: Int { velocity.count }

  init(dimension: Int) { velocity = [Element](repeating: 0, count: dimension) }

  mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    velocity.scale(by: 0.5)
    velocity.add(1, times: gradient)
    parameters.add(Element(-learningRate), times: velocity)
  }
}

/// Steps along c g, c being what goes wrong.
private struct Wrong<Element: Scalar>: Optimizer {
  enum Fault: String, Codable, Sendable { case uphill, fickle, restless, credulous, coarse }

  let dimension: Int
  let fault: Fault
  var name: String { fault.rawValue }

  mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    switch fault {
    case .uphill: parameters.add(Element(learningRate), times: gradient)
    case .fickle:
      var generator = SystemRandomNumberGenerator()
      parameters.add(Element(-learningRate * Double.random(in: 0.5...1, using: &generator)), times: gradient)
    case .restless: parameters.add(Element(-learningRate - 1e-3), times: gradient)
    case .coarse:
      parameters.add(Element(Element.self == Float.self ? -0.7 * learningRate : -learningRate), times: gradient)
    case .credulous: parameters.add(Element(-learningRate), times: gradient)
    }
  }

  mutating func restore(_ state: OptimizerState<Element>) throws(OptimizerStateError) {
    if fault != .credulous { try memory.restore(state, to: &self) }
  }
}

@Suite("The checker of methods")
struct CheckerFailsTests {
  private func complaints(_ fault: Wrong<Float>.Fault) throws -> [String] {
    try MethodCheck.complaints(
      about: Candidate(
        name: fault.rawValue,
        double: { Wrong<Double>(dimension: $0, fault: Wrong<Double>.Fault(rawValue: fault.rawValue)!) },
        single: { Wrong<Float>(dimension: $0, fault: fault) }))
  }

  @Test("finds what a method forgets")
  func forgetful() throws {
    let found = try MethodCheck.complaints(
      about: Candidate(
        name: "forgetful", double: { Forgetful<Double>(dimension: $0) }, single: { Forgetful<Float>(dimension: $0) }))
    #expect(found == ["resumption: a state of step 1 goes elsewhere"])
  }

  @Test("finds ascent, chance, restlessness, coarseness and credulity")
  func wrong() throws {
    let uphill = try complaints(.uphill)
    #expect(uphill.filter { $0.hasPrefix("descent: ") }.count == 2)
    #expect(try complaints(.fickle).contains("repetition: two runs differ"))
    #expect(try complaints(.restless) == ["rest: it moves at a learning rate of 0"])
    #expect(try complaints(.coarse).map { $0.prefix(10) } == ["precision:"])
    #expect(
      try complaints(.credulous) == [
        "refusal: it takes the state of another method", "refusal: it takes a state with a surplus entry",
      ])
  }
}
