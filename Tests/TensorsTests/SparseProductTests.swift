import Tensors
import Testing

@Suite struct SparseProductTests {
  /// A matrix of 230 columns, which is three tiles, about a share of it set, its values in the order of its elements or in
  /// another one.
  private func check<S: Scalar>(
    _ type: S.Type, rows: Int = 37, examples: Int, share: Double = 0.2, isOrdered: Bool = false, tolerance: S
  ) {
    let columns = 230
    var generator = Key(seed: 5).child(examples).generator()
    let elements = (0..<rows * columns).filter { _ in generator.uniform() < share }
    let places =
      isOrdered
      ? Array(elements.indices)
      : elements.indices.sorted { ($0 * 7919) % elements.count < ($1 * 7919) % elements.count }
    let matrix = CompressedRows(
      rowCount: rows, columnCount: columns, rows: elements.map { $0 / columns }, columns: elements.map { $0 % columns },
      places: places)
    func numbers(_ count: Int) -> [S] { (0..<count).map { _ in S(generator.normal()) } }
    let (values, x, a) = (numbers(elements.count), numbers(columns * examples), numbers(rows * examples))
    var y = numbers(rows * examples)
    var samples = numbers(elements.count)
    S.sparseProduct(matrix, values, x, examples: examples, &y)
    S.sampledProduct(matrix, a, x, examples: examples, &samples)

    var expected = [S](repeating: 0, count: rows * examples)
    for (element, place) in zip(elements, places) {
      let (row, column) = (element / columns, element % columns)
      var inner: S = 0
      for k in 0..<examples {
        expected[k * rows + row] += values[place] * x[k * columns + column]
        inner += a[k * rows + row] * x[k * columns + column]
      }
      #expect(abs(samples[place] - inner) < tolerance * (1 + abs(inner)))
    }
    for index in expected.indices { #expect(abs(y[index] - expected[index]) < tolerance * (1 + abs(expected[index]))) }
  }

  @Test("products and samples are the dense ones", arguments: [1, 3, 7, 8, 9, 15, 16, 17, 31, 60, 64, 65, 72, 130])
  func dense(examples: Int) {
    check(Double.self, examples: examples, tolerance: 1e-12)
    check(Float.self, examples: examples, tolerance: 2e-4)
  }

  @Test(
    "whatever the share that is set, and with values in order", arguments: [0, 0.01, 0.2, 0.7, 1], [5, 60, 100])
  func ordered(share: Double, examples: Int) {
    check(Double.self, examples: examples, share: share, isOrdered: true, tolerance: 1e-12)
    check(Float.self, examples: examples, share: share, isOrdered: true, tolerance: 2e-4)
  }

  @Test("a matrix may have more rows than are gone through at a time", arguments: [5, 60])
  func manyRows(examples: Int) {
    check(Double.self, rows: 1100, examples: examples, tolerance: 1e-12)
    check(Float.self, rows: 1100, examples: examples, tolerance: 2e-4)
  }

  @Test("a matrix is transposed whatever its extents", arguments: [(1, 1), (8, 8), (7, 19), (16, 9), (33, 40), (0, 3)])
  func transpose(rows: Int, columns: Int) {
    let x = (0..<rows * columns).map(Float.init)
    var y = [Float](repeating: -1, count: rows * columns)
    Float.transpose(rows: rows, columns: columns, x, &y)
    for i in 0..<rows { for j in 0..<columns { #expect(y[j * rows + i] == x[i * columns + j]) } }
    let z = x.map(Double.init)
    var w = [Double](repeating: -1, count: rows * columns)
    Double.transpose(rows: rows, columns: columns, z, &w)
    #expect(w == y.map(Double.init))
  }
}
