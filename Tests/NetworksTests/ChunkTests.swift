import Differentiation
import Networks
import Synchronization
import Tensors
import Testing

@Suite("Chunks, budgets, blocks and penalties")
struct ChunkTests {
  @Test(
    "values and products over all examples do not depend on the chunk size to 1e-12", arguments: OperatorCase.losses)
  func chunkSizes(loss: Loss) {
    let own = OperatorCase(loss: loss, count: 131)
    let whole = own.objective(chunkSize: 131)
    let expected = OperatorCase.operators(whole, at: own.point)
    for chunkSize in [1, 7, 64, nil] {
      let parts = own.objective(chunkSize: chunkSize)
      #expect(abs(parts.value(at: own.point) - whole.value(at: own.point)) < 1e-12 * whole.value(at: own.point))
      #expect(parts.evaluate(at: own.point).error == whole.evaluate(at: own.point).error)
      #expect(relativeDistance(parts.outputs(at: own.point).elements, whole.outputs(at: own.point).elements) < 1e-12)
      #expect(relativeDistance(parts.gradient(at: own.point), whole.gradient(at: own.point)) < 1e-12)
      for (a, b) in zip(OperatorCase.operators(parts, at: own.point), expected) {
        let vector = probe(a.matrix.dimension, seed: 3)
        #expect(
          relativeDistance(product(a.matrix, vector), product(b.matrix, vector)) < 1e-12,
          "\(a.name), chunks of \(chunkSize ?? 0)")
      }
    }
  }

  @Test("what a budget does not let keep is computed anew, to the same bit", arguments: OperatorCase.losses)
  func budgets(loss: Loss) {
    let own = OperatorCase(loss: loss, count: 23)
    let kept = OperatorCase.operators(own.objective(chunkSize: 5), at: own.point)
    for budget in [0, 20_000] {
      let frugal = OperatorCase.operators(own.objective(chunkSize: 5, memoryBudget: budget), at: own.point)
      for (a, b) in zip(frugal, kept) {
        let vector = probe(a.matrix.dimension, seed: 4)
        #expect(product(a.matrix, vector) == product(b.matrix, vector), "\(a.name) within \(budget) bytes")
      }
    }
  }

  @Test("the chunk size follows the budget, and no budget is too small for one example")
  func chunkSizeFollowsBudget() {
    let own = OperatorCase(loss: .crossEntropy, count: 40, widths: [30, 50, 20, 4])
    func size(_ budget: Int) -> Int { own.objective(memoryBudget: budget).chunkSize(for: .hessian) }
    #expect(size(1 << 30) == 512)
    #expect(size(0) == 1)
    let sizes = [1 << 12, 1 << 15, 1 << 18, 1 << 20].map(size)
    #expect(sizes == sizes.sorted() && sizes[1] < sizes[2])
    let small = own.objective(memoryBudget: 1 << 15)
    #expect(small.chunkSize(for: .hessian) < small.chunkSize(for: .losses))
    #expect(relativeDistance(small.gradient(at: own.point), own.objective().gradient(at: own.point)) < 1e-12)
  }

  @Test("a pass that ends half way scales up what it saw", arguments: OperatorCase.losses)
  func halfPass(loss: Loss) throws {
    let half = OperatorCase(loss: loss, count: 17)
    let twice = Examples<Double>(
      features: Tensor(half.features.elements + half.features.elements, shape: [34, 5]),
      labels: half.labels + half.labels, classes: 4)
    let penalty = L2Penalty(0.3, of: half.network.layout)
    let whole = NetworkObjective(half.network, loss: loss, examples: twice, penalty: penalty, chunkSize: 17)
    let asked = Mutex<[Int]>([])
    let watch = PassWatch { count in
      { made in
        asked.withLock { $0 += [made, count] }
        return false
      }
    }
    func seen() -> (values: [Double], gradient: [Double], product: [Double]) {
      let evaluation = whole.evaluate(at: half.point)
      return (
        [evaluation.loss, evaluation.error], whole.gradient(at: half.point),
        product(whole.hessian(at: half.point), half.direction)
      )
    }
    let full = seen()
    let cut = PassWatch.$current.withValue(watch) { seen() }
    #expect(asked.withLock { $0 } == [1, 2, 1, 2, 1, 2])
    #expect(relativeDistance(cut.values, full.values) < 1e-12)
    #expect(relativeDistance(cut.gradient, full.gradient) < 1e-12)
    #expect(relativeDistance(cut.product, full.product) < 1e-12)
  }

  @Test("a block of directions gives what single products give", arguments: [1 << 30, 0])
  func blocks(budget: Int) {
    let own = OperatorCase(loss: .crossEntropy, count: 23)
    let objective = own.objective(chunkSize: 6, penalty: L2Penalty(0.3, of: own.network.layout), memoryBudget: budget)
    for (name, matrix) in OperatorCase.operators(objective, at: own.point) {
      let block = Tensor<Double>(probe(3 * matrix.dimension, seed: 5), shape: [3, matrix.dimension])
      let products = matrix(rowsOf: block)
      for row in 0..<3 {
        let places = row * matrix.dimension..<(row + 1) * matrix.dimension
        #expect(
          product(matrix, Array(block.elements[places])) == Array(products.elements[places]), "\(name), row \(row)")
      }
    }
  }

  @Test("each matrix is symmetric, and all but the Hessian are positive semidefinite", arguments: OperatorCase.losses)
  func symmetry(loss: Loss) throws {
    let own = OperatorCase(loss: loss, count: 8, widths: [3, 4, 3])
    for (name, matrix) in OperatorCase.operators(own.objective(chunkSize: 3), at: own.point) {
      let order = matrix.dimension
      let (u, v) = (probe(order, seed: 6), probe(order, seed: 7))
      #expect(
        abs(u.dot(product(matrix, v)) - v.dot(product(matrix, u))) <= 1e-12 * u.norm * product(matrix, v).norm,
        "\(name)"
      )
      var elements = dense(matrix)
      let values = try #require(Double.symmetricEigenvalues(order: order, matrix: &elements))
      if name == "Hessian" {
        #expect(values[0] < -1e-3 * values[order - 1])
      } else {
        #expect(values[0] >= -1e-12 * values[order - 1], "\(name)")
      }
    }
  }

  @Test("a batch's Hessian and Gauss-Newton matrix are those of the objective with these examples alone")
  func batches() {
    let own = OperatorCase(loss: .crossEntropy, count: 12)
    let chosen = [7, 3, 3, 10, 0]
    let objective = own.objective(penalty: L2Penalty(0.1, of: own.network.layout))
    let features = Tensor(chosen.flatMap { own.features.elements[$0 * 5..<$0 * 5 + 5] }, shape: [5, 5])
    let alone = NetworkObjective<Double>(
      own.network, loss: own.loss,
      examples: Examples(features: features, labels: chosen.map { own.labels[$0] }, classes: 4),
      penalty: objective.penalty)
    let places = ([1, 2] + chosen)[2...]
    let hessian = product(objective.hessian(at: own.point, examples: places), own.direction)
    #expect(hessian == product(alone.hessian(at: own.point), own.direction))
    let gaussNewton = product(objective.gaussNewton(at: own.point, examples: places), own.direction)
    #expect(gaussNewton == product(alone.gaussNewton(at: own.point), own.direction))
    var gradient = own.point
    let value = objective.gradient(at: own.point, examples: places, into: &gradient)
    #expect(value == alone.value(at: own.point))
    #expect(gradient == alone.gradient(at: own.point))
  }

  @Test("the penalty is lambda/2 |theta|^2 over its parameters in value, gradient, Hessian and Gauss-Newton matrix")
  func penalty() {
    let own = OperatorCase(loss: .meanSquaredError, count: 9)
    let weights = L2Penalty(0.7, of: own.network.layout) { $0.name.hasSuffix("weight") }
    let (plain, penalized) = (own.objective(), own.objective(penalty: weights))
    var masked = own.point
    var maskedDirection = own.direction
    for block in own.network.layout.blocks where !block.name.hasSuffix("weight") {
      for index in block.range { (masked[index], maskedDirection[index]) = (0, 0) }
    }
    let excess = penalized.value(at: own.point) - plain.value(at: own.point)
    #expect(abs(excess - 0.35 * masked.dot(masked)) < 1e-13)
    #expect(penalized.evaluate(at: own.point) == plain.evaluate(at: own.point))
    func added(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 + 0.7 * $1 } }
    #expect(largest(penalized.gradient(at: own.point), added(plain.gradient(at: own.point), masked)) < 1e-14)
    for (a, b) in [
      (penalized.hessian(at: own.point), plain.hessian(at: own.point)),
      (penalized.gaussNewton(at: own.point), plain.gaussNewton(at: own.point)),
    ] {
      #expect(largest(product(a, own.direction), added(product(b, own.direction), maskedDirection)) < 1e-14)
    }
    let slope = derivative(of: { [penalized.value(at: $0)] }, at: own.point, along: own.direction)[0]
    #expect(abs(slope - penalized.gradient(at: own.point).dot(own.direction)) < 1e-9)
  }

  @Test("results do not depend on what runs at the same time")
  func concurrency() async {
    let own = OperatorCase(loss: .crossEntropy, count: 200, widths: [20, 30, 10])
    @Sendable func products() -> [[Float]] {
      let objective = own.objective(Float.self, chunkSize: 64)
      let point = own.point.map(Float.init)
      return OperatorCase.operators(objective, at: point).map { _, matrix in
        matrix(probe(matrix.dimension, seed: 9).map(Float.init))
      } + [objective.gradient(at: point)]
    }
    let alone = products()
    await withTaskGroup(of: [[Float]].self) { group in
      for _ in 0..<6 { group.addTask { products() } }
      for await together in group { #expect(together == alone) }
    }
  }
}

func probe(_ count: Int, seed: UInt64) -> [Double] {
  var generator = Key(seed: seed).generator()
  return generator.normals(count)
}
