import Foundation
import Optimizers
import Tensors

/// A method to be checked, in both number types.
struct Candidate {
  let name: String
  let double: (_ dimension: Int) -> any DescentMethod<Double>
  let single: (_ dimension: Int) -> any DescentMethod<Float>
  var rate = 0.1
  var steps = 300

  init(_ recipe: DescentRecipe, name: String, rate: Double = 0.1, steps: Int = 300) {
    self.name = name
    double = { recipe.make(dimension: $0, as: Double.self) }
    single = { recipe.make(dimension: $0, as: Float.self) }
    self.rate = rate
    self.steps = steps
  }

  init(
    name: String, double: @escaping (Int) -> any DescentMethod<Double>,
    single: @escaping (Int) -> any DescentMethod<Float>
  ) {
    self.name = name
    self.double = double
    self.single = single
  }
}

/// What every method must keep to, whatever it does: an empty list for one that does.
enum MethodCheck {
  static func complaints(about candidate: Candidate) throws -> [String] {
    descent(candidate) + precision(candidate) + rest(candidate) + repetition(candidate) + (try resumption(candidate))
      + refusal(candidate)
  }

  private static func problem<S: Scalar>(_ loss: LinearLayer<S>.Loss, _ type: S.Type) -> LinearLayer<S> {
    LinearLayer<S>(loss, examples: 41, inputs: 4, outputs: 3, key: Key(seed: 11))
  }

  private static func start<S: Scalar>(_ count: Int) -> [S] {
    (0..<count).map { S(Double(($0 * 7) % 11) / 10 - 0.45) }
  }

  /// Steps on the whole objective, or where `isStochastic` on eight examples that the step's number chooses.
  private static func run<S: Scalar>(
    _ method: inout any DescentMethod<S>, _ point: inout [S], on objective: LinearLayer<S>, _ steps: Range<Int>,
    rate: Double, isStochastic: Bool
  ) {
    let oracle = StepOracle<S>(objective, clipping: .globalNorm(50))
    for step in steps {
      let batch = (0..<8).map { (step * 13 + $0 * 5) % objective.exampleCount }
      oracle.move(to: point, examples: isStochastic ? ArraySlice(batch) : nil)
      method.step(parameters: &point, on: oracle, learningRate: rate)
    }
  }

  private static func descent(_ candidate: Candidate) -> [String] {
    [LinearLayer<Double>.Loss.squares, .softmax].compactMap { loss in
      var objective = problem(loss, Double.self)
      var solver: any DescentMethod<Double> = LBFGS<Double>(dimension: objective.dimension)
      var best: [Double] = start(objective.dimension)
      run(&solver, &best, on: objective, 0..<100, rate: 1, isStochastic: false)
      objective.offset = objective.value(at: best)
      var method = candidate.double(objective.dimension)
      var point: [Double] = start(objective.dimension)
      let before = objective.value(at: point)
      run(&method, &point, on: objective, 0..<candidate.steps, rate: candidate.rate, isStochastic: false)
      let after = objective.value(at: method.evaluationParameters(point))
      return before > 0.1 && before < 100 && after <= before / 2 && after > -1e-6
        ? nil : "descent: \(loss) went from \(before) to \(after)"
    }
  }

  private static func precision(_ candidate: Candidate) -> [String] {
    var method = candidate.double(15)
    var point: [Double] = start(15)
    run(&method, &point, on: problem(.softmax, Double.self), 0..<10, rate: candidate.rate, isStochastic: false)
    var single = candidate.single(15)
    var other: [Float] = start(15)
    run(&single, &other, on: problem(.softmax, Float.self), 0..<10, rate: candidate.rate, isStochastic: false)
    let difference = zip(point, other).map { abs($0 - Double($1)) / max(1, abs($0)) }.reduce(0) { max($0, $1) }
    return difference < 2e-3 ? [] : ["precision: Float32 and Float64 differ by \(difference)"]
  }

  private static func rest(_ candidate: Candidate) -> [String] {
    var method = candidate.double(15)
    var point: [Double] = start(15)
    run(&method, &point, on: problem(.squares, Double.self), 0..<5, rate: 0, isStochastic: false)
    return method.evaluationParameters(point) == start(15) ? [] : ["rest: it moves at a learning rate of 0"]
  }

  private static func repetition(_ candidate: Candidate) -> [String] {
    let ends = (0..<2).map { _ in
      var method = candidate.single(15)
      var point: [Float] = start(15)
      run(&method, &point, on: problem(.softmax, Float.self), 0..<25, rate: candidate.rate, isStochastic: true)
      return point.map(\.bitPattern)
    }
    return ends[0] == ends[1] ? [] : ["repetition: two runs differ"]
  }

  /// From the state and from the code of every step up to 12, in a fresh method, to step 25.
  private static func resumption(_ candidate: Candidate) throws -> [String] {
    let objective = problem(.softmax, Float.self)
    func finished(_ method: any DescentMethod<Float>, _ point: [Float], from step: Int) -> [UInt32] {
      var (method, point) = (method, point)
      run(&method, &point, on: objective, step..<25, rate: candidate.rate, isStochastic: true)
      return (point + method.evaluationParameters(point)).map(\.bitPattern)
    }
    let whole = finished(candidate.single(15), start(15), from: 0)
    var method = candidate.single(15)
    var point: [Float] = start(15)
    for step in 1...12 {
      run(&method, &point, on: objective, step - 1..<step, rate: candidate.rate, isStochastic: true)
      var restored = candidate.single(15)
      let state = try JSONDecoder().decode(OptimizerState<Float>.self, from: JSONEncoder().encode(method.state))
      try restored.restore(state)
      if finished(restored, point, from: step) != whole {
        return ["resumption: a state of step \(step) goes elsewhere"]
      }
      if finished(try recoded(method), point, from: step) != whole {
        return ["resumption: a code of step \(step) goes elsewhere"]
      }
      if restored.state != method.state { return ["resumption: the restored state of step \(step) is another"] }
    }
    return []
  }

  private static func recoded<M: DescentMethod>(_ method: M) throws -> any DescentMethod<M.Element> {
    try JSONDecoder().decode(M.self, from: JSONEncoder().encode(method))
  }

  private static func refusal(_ candidate: Candidate) -> [String] {
    var method = candidate.double(15)
    var point: [Double] = start(15)
    run(&method, &point, on: problem(.squares, Double.self), 0..<3, rate: candidate.rate, isStochastic: false)
    func refuses(_ state: OptimizerState<Double>) -> Bool {
      var other = method
      do throws(OptimizerStateError) { try other.restore(state) } catch { return other.state == method.state }
      return false
    }
    var foreign = method.state
    foreign.method = "foreign"
    var longer = method.state
    longer.tensors["surplus"] = [1]
    var negative = method.state
    for name in negative.integers.keys { negative.integers[name] = -1 }
    var complaints: [String] = []
    if !refuses(foreign) { complaints.append("refusal: it takes the state of another method") }
    if !refuses(longer) { complaints.append("refusal: it takes a state with a surplus entry") }
    if !negative.integers.isEmpty, !refuses(negative) { complaints.append("refusal: it takes a negative counter") }
    let smaller = candidate.double(14).state
    if smaller.tensors.values.contains(where: { !$0.isEmpty }), !refuses(smaller) {
      complaints.append("refusal: it takes the state of another model")
    }
    return complaints
  }
}
