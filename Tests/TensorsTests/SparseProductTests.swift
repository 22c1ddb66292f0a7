import Tensors
import Testing

@Suite struct SparseProductTests {
  /// A matrix of 37 x 230, which is three tiles, about a fifth of it set, its values in another order than its elements.
  private func check<S: Scalar>(_ type: S.Type, width: Int, tolerance: S) {
    let (rows, columns) = (37, 230)
    var generator = Key(seed: 5).child(width).generator()
    let elements = (0..<rows * columns).filter { _ in generator.uniform() < 0.2 }
    let places = elements.indices.sorted { ($0 * 7919) % elements.count < ($1 * 7919) % elements.count }
    let matrix = CompressedRows(
      rowCount: rows, columnCount: columns, rows: elements.map { $0 / columns }, columns: elements.map { $0 % columns },
      places: places)
    func numbers(_ count: Int) -> [S] { (0..<count).map { _ in S(generator.normal()) } }
    let (values, x, a) = (numbers(elements.count), numbers(columns * width), numbers(rows * width))
    var y = numbers(rows * width)
    var samples = numbers(elements.count)
    S.sparseProduct(matrix, values, x, width: width, &y)
    S.sampledProduct(matrix, a, x, width: width, &samples)

    var expected = [S](repeating: 0, count: rows * width)
    for (element, place) in zip(elements, places) {
      let (row, column) = (element / columns, element % columns)
      var inner: S = 0
      for k in 0..<width {
        expected[row * width + k] += values[place] * x[column * width + k]
        inner += a[row * width + k] * x[column * width + k]
      }
      #expect(abs(samples[place] - inner) < tolerance * (1 + abs(inner)))
    }
    for index in expected.indices { #expect(abs(y[index] - expected[index]) < tolerance * (1 + abs(expected[index]))) }
  }

  @Test("products and samples are the dense ones", arguments: [1, 3, 7, 8, 9, 15, 16, 17, 31, 60, 64, 65, 72, 130])
  func dense(width: Int) {
    check(Double.self, width: width, tolerance: 1e-12)
    check(Float.self, width: width, tolerance: 2e-4)
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
