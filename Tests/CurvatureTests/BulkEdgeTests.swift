import Curvature
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("The edge of the bulk")
struct BulkEdgeTests {
  enum Bulk: CaseIterable { case wishart, exponential, power, geometric }

  /// The largest values of a bulk of the given kind, its edge at 1.
  private func values(_ bulk: Bulk, trial: Int) throws -> [Double] {
    var generator = Key(seed: 31).child(trial).generator()
    let values: [Double]
    switch bulk {
    case .wishart:
      let (order, samples) = (80, 160)
      let data: [Double] = generator.normals(order * samples)
      var gram = [Double](repeating: 0, count: order * order)
      Double.matrixProduct(
        transposeA: false, transposeB: true, rows: order, columns: order, inner: samples, alpha: 1, data,
        strideA: samples, data, strideB: samples, beta: 0, &gram, strideC: order)
      values = try #require(Double.symmetricEigenvalues(order: order, matrix: &gram))
    case .exponential: values = (0..<1000).map { _ in -log(1 - generator.uniform()) }
    case .power: values = (1...100).map { 1 / Double($0) }
    case .geometric: values = (0..<100).map { pow(0.93, Double($0)) }
    }
    let sorted = values.sorted(by: >)
    return sorted.map { $0 / sorted[0] }
  }

  /// The 50 largest of a bulk with `count` outliers between twice its edge and 20 times its edge.
  private func spectrum(_ bulk: Bulk, outliers count: Int, trial: Int) throws -> [Double] {
    var generator = Key(seed: 32).child(trial).generator()
    let above = (0..<count).map { $0 == 0 ? 2 : exp(log(2) + generator.uniform() * log(10)) }
    return Array(try (values(bulk, trial: trial) + above).sorted(by: >).prefix(50))
  }

  @Test("planted outliers are counted to within 2, whatever the bulk", arguments: Bulk.allCases, [3, 10, 20])
  func outliers(bulk: Bulk, count: Int) throws {
    var hits = 0
    for trial in 0..<25 {
      let edge = try #require(BulkEdge(largestEigenvalues: spectrum(bulk, outliers: count, trial: trial)))
      if abs(edge.outlierCount - count) <= 2 { hits += 1 }
    }
    #expect(hits >= 20)
  }

  @Test("a bulk alone of a random matrix or a geometric series has no outliers", arguments: [Bulk.wishart, .geometric])
  func none(bulk: Bulk) throws {
    var hits = 0
    for trial in 0..<25 {
      let edge = try #require(BulkEdge(largestEigenvalues: spectrum(bulk, outliers: 0, trial: trial)))
      if edge.outlierCount == 0 { hits += 1 }
    }
    #expect(hits >= 20)
  }

  @Test("the edge lies between the last outlier and the bulk, and the scale does not matter")
  func edge() throws {
    let values = [40.0, 9, 8, 3] + (0..<40).map { 1 - 0.01 * Double($0) }
    let edge = try #require(BulkEdge(largestEigenvalues: values.shuffledBy(Key(seed: 1))))
    #expect(edge.outlierCount == 4 && abs(edge.edge - 3.0.squareRoot()) < 1e-14 && edge.score > 50)
    let scaled = try #require(BulkEdge(largestEigenvalues: values.map { $0 * 1e-4 }))
    #expect(scaled.outlierCount == 4 && abs(scaled.score - edge.score) < 1e-9 * edge.score)
  }

  @Test("the largest gap of all, between two outliers, does not mislead it")
  func gapAmongOutliers() throws {
    let values = [1000.0, 10, 9, 8, 7, 6, 3] + (0..<40).map { 1 - 0.01 * Double($0) }
    #expect(try #require(BulkEdge(largestEigenvalues: values)).outlierCount == 7)
  }

  @Test("too few positive eigenvalues or a NaN have no edge; negative ones and rounding are left out")
  func undefined() {
    let bulk = (0..<30).map { 1 - 0.01 * Double($0) }
    #expect(BulkEdge(largestEigenvalues: []) == nil)
    #expect(BulkEdge(largestEigenvalues: Array(bulk.prefix(21))) == nil)
    #expect(BulkEdge(largestEigenvalues: [5] + Array(bulk.prefix(21)))?.outlierCount == 1)
    #expect(BulkEdge(largestEigenvalues: bulk + [.nan]) == nil)
    let noisy = [5] + bulk + [1e-15, 1e-16, -2, 0]
    #expect(BulkEdge(largestEigenvalues: noisy) == BulkEdge(largestEigenvalues: [5] + bulk))
    #expect(BulkEdge(largestEigenvalues: [3] + [Double](repeating: 1, count: 30))?.outlierCount == 1)
  }
}

extension [Double] {
  func shuffledBy(_ key: Key) -> [Double] {
    var generator = key.generator()
    return generator.permutation(count).map { self[$0] }
  }
}
