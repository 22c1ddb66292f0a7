import Differentiation
import Networks
import Tensors
import Testing

@Suite("What a network's objective is made of")
struct ObjectiveTests {
  /// A network that normalizes over batches, with 16 examples.
  private struct Normalized {
    let network: Network
    let features: Tensor<Double>
    let labels = (0..<16).map { $0 * 5 % 3 }
    let point: [Double]
    let direction: [Double]

    init() throws {
      var design = NetworkDesign(.perceptron, hidden: [7, 5], activation: .tanh)
      design.normalization = .batch
      network = try design.network(for: [4], outputs: 3)
      var generator = Key(seed: 12).generator()
      features = Tensor(generator.normals(64), shape: [16, 4])
      point = generator.normals(network.parameterCount)
      direction = generator.normals(network.parameterCount).map { 0.2 * $0 }
    }

    func objective(
      _ moments: BatchMoments<Double>, _ chosen: Range<Int> = 0..<16, chunkSize: Int? = nil, budget: Int = 1 << 30
    ) -> NetworkObjective<Double> {
      let features = Tensor(
        Array(features.elements[chosen.lowerBound * 4..<chosen.upperBound * 4]), shape: [chosen.count, 4])
      return NetworkObjective(
        network, loss: .crossEntropy, examples: Examples(features: features, labels: Array(labels[chosen]), classes: 3),
        moments: moments, chunkSize: chunkSize, memoryBudget: budget)
    }
  }

  @Test("with batch normalization the objective is the mean over batches of the stated size, whatever the budget")
  func batches() throws {
    let own = try Normalized()
    // Sixteen examples in batches of 5: the last example joins the third batch.
    let parts = [0..<5, 5..<10, 10..<16].map { own.objective(.ofBatches($0.count), $0) }
    for budget in [1 << 30, 0] {
      let whole = own.objective(.ofBatches(5), budget: budget)
      let shares = parts.map { Double($0.exampleCount) / 16 }
      let value = zip(shares, parts).reduce(0) { $0 + $1.0 * $1.1.value(at: own.point) }
      #expect(abs(whole.value(at: own.point) - value) < 1e-14)
      var gradient = [Double](repeating: 0, count: own.point.count)
      var curvature = gradient
      for (share, part) in zip(shares, parts) {
        gradient.add(share, times: part.gradient(at: own.point))
        curvature.add(share, times: product(part, own.point, own.direction))
      }
      #expect(relativeDistance(whole.gradient(at: own.point), gradient) < 1e-13)
      #expect(relativeDistance(product(whole, own.point, own.direction), curvature) < 1e-13)
      #expect(abs(own.objective(.ofBatches(8), budget: budget).value(at: own.point) - value) > 1e-3)
    }
  }

  @Test("derivatives of single examples take their batch along")
  func coupledExamples() throws {
    let own = try Normalized()
    let objective = own.objective(.ofBatches(5))
    let gradients = objective.exampleGradients(at: own.point)
    var mean = [Double](repeating: 0, count: own.point.count)
    for example in 0..<16 {
      mean.add(1 / 16, times: Array(gradients.elements[example * mean.count..<(example + 1) * mean.count]))
    }
    #expect(relativeDistance(mean, objective.gradient(at: own.point)) < 1e-13)
    #expect(
      objective.exampleGradients(at: own.point, examples: 3..<12).elements
        == Array(gradients.elements[3 * mean.count..<12 * mean.count]))
    let rows = objective.jacobian(at: own.point).rows(of: 4..<11).elements
    let slopes = derivative(of: { objective.outputs(at: $0).elements }, at: own.point, along: own.direction)
    let products = stride(from: 0, to: rows.count, by: mean.count).map {
      Array(rows[$0..<$0 + mean.count]).dot(own.direction)
    }
    #expect(largest(products, Array(slopes[12..<33])) < 1e-8)
    let moment = secondMoment(gradients.elements, columns: mean.count, over: 16)
    #expect(relativeDistance(dense(objective.empiricalFisher(at: own.point)), moment) < 1e-13)
    let places = [3, 9, 14, 0]
    var batch = mean
    let value = objective.gradient(at: own.point, examples: places[...], into: &batch)
    let slope = derivative(
      of: {
        var unused = batch
        return [objective.gradient(at: $0, examples: places[...], into: &unused)]
      }, at: own.point, along: own.direction)
    #expect(value.isFinite && abs(slope[0] - batch.dot(own.direction)) < 1e-8)
    let curvature = product(objective.hessian(at: own.point, examples: places[...]), own.direction)
    let expected = derivative(
      of: {
        var gradient = batch
        objective.gradient(at: $0, examples: places[...], into: &gradient)
        return gradient
      }, at: own.point, along: own.direction)
    #expect(relativeDistance(curvature, expected) < 1e-7)
  }

  @Test("moments that are given make examples independent; a single batch's own give that batch's loss")
  func givenMoments() throws {
    let own = try Normalized()
    let batch = own.objective(.ofBatches(16))
    let moments = batch.batchMoments(at: own.point)
    #expect(moments.count == own.network.statisticsCount)
    let given = own.objective(.given(moments), chunkSize: 16)
    #expect(abs(given.value(at: own.point) - batch.value(at: own.point)) < 1e-14)
    #expect(relativeDistance(given.gradient(at: own.point), batch.gradient(at: own.point)) > 0.01)
    for chunkSize in [1, 7] {
      let parts = own.objective(.given(moments), chunkSize: chunkSize)
      #expect(abs(parts.value(at: own.point) - given.value(at: own.point)) < 1e-14)
      #expect(
        relativeDistance(product(parts, own.point, own.direction), product(given, own.point, own.direction)) < 1e-12)
    }
    let halves = own.objective(.ofBatches(8)).batchMoments(at: own.point)
    let (first, second) = (own.objective(.ofBatches(8), 0..<8), own.objective(.ofBatches(8), 8..<16))
    let mean = zip(first.batchMoments(at: own.point), second.batchMoments(at: own.point)).map { ($0 + $1) / 2 }
    #expect(largest(halves, mean) < 1e-14 && largest(halves, moments) > 1e-3)
    let before = given.value(at: own.point)
    given.normalize(by: halves)
    #expect(given.value(at: own.point) == own.objective(.given(halves), chunkSize: 16).value(at: own.point))
    #expect(given.value(at: own.point) != before)
  }

  @Test("what keeps an objective or examples from being made is said in a sentence")
  func problems() throws {
    let own = try Normalized()
    func problem(_ moments: BatchMoments<Double>?, _ count: Int = 16) -> String? {
      BatchMoments.problem(moments, for: own.network, examples: count)
    }
    #expect(problem(nil)?.contains("needs a batch size") == true)
    #expect(problem(.ofBatches(1))?.contains("batches of 1") == true)
    #expect(problem(.ofBatches(8), 1)?.contains("batches of 1") == true)
    #expect(problem(.given([1, 2]))?.contains("2 moments") == true)
    #expect(problem(.ofBatches(5)) == nil)
    let plain = OperatorCase(loss: .hinge, count: 3).network
    #expect(BatchMoments<Double>.problem(nil, for: plain, examples: 3) == nil)
    #expect(Examples<Float>.problem(features: [0, 4], labels: [], classes: 3) == "there are no examples")
    #expect(
      Examples<Float>.problem(features: [2, 4], labels: [0, 3], classes: 3)
        == "the label of example 1 is 3, but there are 3 classes: labels go from 0 to 2")
    #expect(Examples<Float>.problem(features: [2, 4], labels: [0, 1, 2], classes: 3)?.contains("[2, 4]") == true)
    #expect(Examples<Float>.problem(features: [2, 4], labels: [0, 2], classes: 3) == nil)
  }

  @Test("a residual network with group normalization does not depend on chunks to 1e-12")
  func residual() throws {
    var design = NetworkDesign(.resNet, width: 4, depth: 8)
    design.normalization = .group
    design.groups = 2
    let network = try design.network(for: [8, 6, 3], outputs: 5)
    var generator = Key(seed: 4).generator()
    let features = Tensor<Double>(generator.normals(9 * 144), shape: [9, 144])
    let point: [Double] = network.initialParameters(key: Key(seed: 5))
    let direction: [Double] = generator.normals(network.parameterCount)
    func objective(_ chunkSize: Int?, budget: Int = 1 << 30) -> NetworkObjective<Double> {
      NetworkObjective(
        network, loss: .crossEntropy,
        examples: Examples(features: features, labels: Array(0..<9).map { $0 % 5 }, classes: 5),
        chunkSize: chunkSize, memoryBudget: budget)
    }
    let whole = objective(9)
    let expected = product(whole, point, direction)
    let gaussNewton = product(whole.gaussNewton(at: point), direction)
    for parts in [objective(1), objective(7), objective(nil), objective(nil, budget: 1 << 20)] {
      #expect(abs(parts.value(at: point) - whole.value(at: point)) < 1e-12)
      #expect(relativeDistance(parts.gradient(at: point), whole.gradient(at: point)) < 1e-12)
      #expect(relativeDistance(product(parts, point, direction), expected) < 1e-12)
      #expect(relativeDistance(product(parts.gaussNewton(at: point), direction), gaussNewton) < 1e-12)
    }
    #expect(objective(nil, budget: 1 << 20).chunkSize(for: .hessian) < 9)
  }

  @Test("targets that say what labels say give the same objective", arguments: Loss.allCases)
  func targets(loss: Loss) {
    let own = OperatorCase(loss: loss, count: 9)
    let smoothed = own.labels.flatMap { label in (0..<4).map { ($0 == label ? 0.8 : 0) + 0.05 } }
    let byTargets = NetworkObjective(
      own.network, loss: loss,
      examples: Examples<Double>(features: own.features, targets: Tensor(smoothed, shape: [9, 4])), chunkSize: 4)
    let byLabels = NetworkObjective(
      own.network, loss: loss, labelSmoothing: 0.2, examples: own.objective().examples, chunkSize: 4)
    #expect(abs(byTargets.value(at: own.point) - byLabels.value(at: own.point)) < 1e-14)
    #expect(relativeDistance(byTargets.gradient(at: own.point), byLabels.gradient(at: own.point)) < 1e-14)
    var (first, second) = (own.point, own.point)
    byTargets.gradient(at: own.point, examples: [2, 8, 2][...], into: &first)
    byLabels.gradient(at: own.point, examples: [2, 8, 2][...], into: &second)
    #expect(relativeDistance(first, second) < 1e-14)
    #expect(byTargets.evaluate(at: own.point).error.isNaN && !byLabels.evaluate(at: own.point).error.isNaN)
  }

  @Test("a dropout key picks the units that batch gradients drop out, example by example")
  func dropout() throws {
    let network = try Network(
      inputShape: [5],
      layers: [Dense(inputs: 5, outputs: 9), Activation.tanh, Dropout(rate: 0.4), Dense(inputs: 9, outputs: 4)])
    let own = OperatorCase(loss: .crossEntropy, count: 8)
    let objective = NetworkObjective(network, loss: .crossEntropy, examples: own.objective().examples)
    let point: [Double] = network.initialParameters(key: Key(seed: 3))
    var generator = Key(seed: 7).generator()
    let direction: [Double] = generator.normals(point.count)
    func batch(_ key: Key?, _ chosen: [Int], at point: [Double]) -> (value: Double, gradient: [Double]) {
      objective.dropoutKey = key
      defer { objective.dropoutKey = nil }
      var gradient = point
      return (objective.gradient(at: point, examples: chosen[...], into: &gradient), gradient)
    }
    let key = Key(seed: 1)
    let dropped = batch(key, [1, 4, 6], at: point)
    let slope = derivative(of: { [batch(key, [1, 4, 6], at: $0).value] }, at: point, along: direction)[0]
    #expect(abs(slope - dropped.gradient.dot(direction)) < 1e-9)
    #expect(dropped.value != batch(Key(seed: 2), [1, 4, 6], at: point).value)
    #expect(dropped.value != batch(nil, [1, 4, 6], at: point).value)
    objective.begin(step: 5, epoch: 0)
    let later = batch(key, [1, 4, 6], at: point)
    #expect(later.value != dropped.value && later == batch(key, [1, 4, 6], at: point))
    objective.begin(step: 0, epoch: 3)
    #expect(batch(key, [1, 4, 6], at: point) == dropped)
    let single = [1, 4, 6].map { batch(key, [$0], at: point).value }.reduce(0, +) / 3
    #expect(abs(single - dropped.value) < 1e-13)
    let all = Array(0..<8)
    #expect(abs(batch(nil, all, at: point).value - objective.value(at: point)) < 1e-13)
  }
}
