import Tensors
import Testing

/// Random numbers of a type.
func randoms<S: Scalar>(_ count: Int, _ name: String, as type: S.Type = S.self) -> [S] {
  var generator = Key(seed: 3).child(name).generator()
  return generator.normals(count)
}

@Suite("Linear algebra through BLAS and LAPACK")
struct LinearAlgebraTests {
  /// Whether a product with strides wider than the rows agrees with a triple loop, and leaves what lies between rows
  /// alone.
  private func productAgrees<S: Scalar>(
    _ type: S.Type, transposeA: Bool, transposeB: Bool, rows: Int, columns: Int, inner: Int, alpha: S = 0.75,
    beta: S = -1.5
  ) -> Bool {
    let strideA = (transposeA ? rows : inner) + 2
    let strideB = (transposeB ? inner : columns) + 3
    let strideC = columns + 1
    let a = randoms((transposeA ? inner : rows) * strideA, "a", as: S.self)
    let b = randoms((transposeB ? columns : inner) * strideB, "b", as: S.self)
    let before = randoms(rows * strideC, "c", as: S.self)
    var c = before
    S.matrixProduct(
      transposeA: transposeA, transposeB: transposeB, rows: rows, columns: columns, inner: inner, alpha: alpha, a,
      strideA: strideA, b, strideB: strideB, beta: beta, &c, strideC: strideC)
    var expected = before.map(Double.init)
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = 0.0
        for k in 0..<inner {
          let left = a[transposeA ? k * strideA + row : row * strideA + k]
          let right = b[transposeB ? column * strideB + k : k * strideB + column]
          sum += Double(left) * Double(right)
        }
        let position = row * strideC + column
        expected[position] = Double(alpha) * sum + Double(beta) * expected[position]
      }
    }
    let tolerance = 40 * Double(S.ulpOfOne) * Double(inner + 1)
    return zip(c, expected).allSatisfy { abs(Double($0) - $1) <= tolerance }
  }

  @Test(
    "a matrix product is the triple loop's for every transpose, odd sizes and wide strides",
    arguments: [(1, 1, 1), (1, 5, 3), (7, 1, 2), (3, 5, 7), (17, 13, 9), (33, 65, 31), (163, 181, 149)])
  func products(rows: Int, columns: Int, inner: Int) {
    for transposeA in [false, true] {
      for transposeB in [false, true] {
        #expect(
          productAgrees(
            Float.self, transposeA: transposeA, transposeB: transposeB, rows: rows, columns: columns, inner: inner))
        #expect(
          productAgrees(
            Double.self, transposeA: transposeA, transposeB: transposeB, rows: rows, columns: columns, inner: inner))
      }
    }
  }

  @Test(
    "a Float32 product that replaces its target or adds to it is the triple loop's: narrow, deep, tall, wide",
    arguments: [(7, 4, 5), (70, 10, 33), (200, 31, 57), (67, 65, 31), (19, 81, 813), (2057, 17, 11), (111, 530, 25)])
  func replacingProducts(rows: Int, columns: Int, inner: Int) {
    for transposeA in [false, true] {
      for transposeB in [false, true] {
        for beta: Float in [0, 1] {
          #expect(
            productAgrees(
              Float.self, transposeA: transposeA, transposeB: transposeB, rows: rows, columns: columns, inner: inner,
              alpha: 1, beta: beta))
        }
      }
    }
  }

  @Test("a product that replaces its target doesn't read it, on one thread as on two", arguments: [9, 167])
  func replaces(order: Int) {
    let threads = BLASThreads.count
    defer { BLASThreads.set(threads) }
    let a = randoms(order * order, "a", as: Float.self)
    for count in [1, 2] {
      BLASThreads.set(count)
      var c = [Float](repeating: .nan, count: order * order)
      Float.matrixProduct(
        transposeA: false, transposeB: true, rows: order, columns: order, inner: order, alpha: 1, a, strideA: order, a,
        strideB: order, beta: 0, &c, strideC: order)
      for row in 0..<order {
        let slice = Array(a[row * order..<(row + 1) * order])
        #expect(abs(c[row * order + row] - slice.dot(slice)) <= 1e-4 * slice.dot(slice))
      }
    }
  }

  private func vectorProductAgrees<S: Scalar>(_ type: S.Type, transpose: Bool, rows: Int, columns: Int) -> Bool {
    let stride = columns + 3
    let a = randoms(rows * stride, "a", as: S.self)
    let x = randoms(transpose ? rows : columns, "x", as: S.self)
    let before = randoms(transpose ? columns : rows, "y", as: S.self)
    var y = before
    S.matrixVectorProduct(
      transposeA: transpose, rows: rows, columns: columns, alpha: 2, a, strideA: stride, x, beta: 0.5, &y)
    return y.indices.allSatisfy { i in
      let sum = x.indices.reduce(0.0) { $0 + Double(a[transpose ? $1 * stride + i : i * stride + $1]) * Double(x[$1]) }
      let expected = 2 * sum + 0.5 * Double(before[i])
      return abs(Double(y[i]) - expected) <= 40 * Double(S.ulpOfOne) * Double(x.count + 1)
    }
  }

  @Test("a matrix-vector product is the double loop's", arguments: [(1, 1), (1, 9), (8, 1), (5, 11), (31, 17)])
  func vectorProducts(rows: Int, columns: Int) {
    for transpose in [false, true] {
      #expect(vectorProductAgrees(Float.self, transpose: transpose, rows: rows, columns: columns))
      #expect(vectorProductAgrees(Double.self, transpose: transpose, rows: rows, columns: columns))
    }
  }

  private func vectorOperations<S: Scalar>(_ type: S.Type) {
    let x: [S] = [1, -2, 3, 0.5, -4]
    var y: [S] = [2, 2, -1, 8, 0.25]
    #expect(x.dot(y) == -2)
    #expect(([3, -4] as [S]).norm == 5)
    y.add(2, times: x)
    #expect(y == [4, -2, 5, 9, -7.75])
    y.scale(by: -2)
    #expect(y == [-8, 4, -10, -18, 15.5])
    let huge = S.greatestFiniteMagnitude / 4
    #expect(([huge, huge] as [S]).norm.isFinite)
    var empty: [S] = []
    empty.add(1, times: [])
    #expect(empty.norm == 0 && empty.dot([]) == 0)
  }

  @Test("inner product, norm, axpy and scaling have their known values in both types, empty vectors included")
  func vectors() {
    vectorOperations(Float.self)
    vectorOperations(Double.self)
  }

  /// The largest violations of A v = lambda v and of orthonormality.
  private func defects<S: Scalar>(_ matrix: [S], _ values: [S], _ vectors: [S], order: Int) -> (Double, Double) {
    var equation = 0.0
    var orthonormality = 0.0
    for k in 0..<order {
      let vector = Array(vectors[k * order..<(k + 1) * order])
      for row in 0..<order {
        let product = Array(matrix[row * order..<(row + 1) * order]).dot(vector)
        equation = max(equation, abs(Double(product - values[k] * vector[row])))
      }
      for l in 0..<order {
        let product = vector.dot(Array(vectors[l * order..<(l + 1) * order]))
        orthonormality = max(orthonormality, abs(Double(product) - (k == l ? 1 : 0)))
      }
    }
    return (equation, orthonormality)
  }

  private func eigenproblem<S: Scalar>(_ type: S.Type, order: Int) throws {
    var matrix = randoms(order * order, "symmetric", as: S.self)
    for i in 0..<order { for j in 0..<i { matrix[i * order + j] = matrix[j * order + i] } }
    var vectors = matrix
    let values = try #require(S.symmetricEigenvalues(order: order, matrix: &vectors))
    #expect(values == values.sorted())
    let tolerance = 60 * Double(S.ulpOfOne) * Double(order)
    let (equation, orthonormality) = defects(matrix, values, vectors, order: order)
    #expect(equation <= tolerance && orthonormality <= tolerance)
    let trace = (0..<order).reduce(0.0) { $0 + Double(matrix[$1 * order + $1]) }
    #expect(abs(values.reduce(0.0) { $0 + Double($1) } - trace) <= tolerance)
  }

  @Test("rows returned with the eigenvalues are orthonormal eigenvectors", arguments: [1, 2, 5, 33])
  func eigenvectors(order: Int) throws {
    try eigenproblem(Float.self, order: order)
    try eigenproblem(Double.self, order: order)
  }

  @Test("known spectra: a diagonal matrix, a rank-one matrix, none at all")
  func knownSpectra() throws {
    var diagonal: [Double] = [3, 0, 0, 0, -1, 0, 0, 0, 2]
    #expect(try #require(Double.symmetricEigenvalues(order: 3, matrix: &diagonal)) == [-1, 2, 3])
    var rankOne: [Double] = [1, 2, 2, 4]
    let values = try #require(Double.symmetricEigenvalues(order: 2, matrix: &rankOne))
    #expect(abs(values[0]) < 1e-15 && abs(values[1] - 5) < 1e-14)
    var nothing: [Double] = []
    #expect(Double.symmetricEigenvalues(order: 0, matrix: &nothing) == [])
  }

  @Test("a tridiagonal matrix has the eigenpairs of the same matrix stored densely", arguments: [1, 2, 3, 40])
  func tridiagonal(order: Int) throws {
    let diagonal = randoms(order, "diagonal", as: Double.self)
    let offDiagonal = randoms(order - 1, "beside", as: Double.self)
    var dense = [Double](repeating: 0, count: order * order)
    for i in 0..<order { dense[i * order + i] = diagonal[i] }
    for i in 0..<order - 1 {
      dense[i * order + i + 1] = offDiagonal[i]
      dense[(i + 1) * order + i] = offDiagonal[i]
    }
    let own = try #require(TridiagonalEigendecomposition(diagonal: diagonal, offDiagonal: offDiagonal))
    let (equation, orthonormality) = defects(dense, own.values, own.vectors, order: order)
    #expect(equation < 1e-13 && orthonormality < 1e-13)
    let expected = try #require(Double.symmetricEigenvalues(order: order, matrix: &dense))
    for (own, theirs) in zip(own.values, expected) { #expect(abs(own - theirs) < 1e-13) }
  }

  @Test("the second difference has eigenvalues 2 - 2 cos(k pi / (n + 1))")
  func secondDifference() throws {
    let own = try #require(
      TridiagonalEigendecomposition(diagonal: [2, 2, 2, 2, 2], offDiagonal: [-1, -1, -1, -1]))
    let root = 3.0.squareRoot()
    for (own, known) in zip(own.values, [2 - root, 1, 2, 3, 2 + root]) { #expect(abs(own - known) < 1e-14) }
    #expect(try #require(TridiagonalEigendecomposition(diagonal: [], offDiagonal: [])).values.isEmpty)
  }

  @Test("the library says what it is, and its threads can be set")
  func library() {
    #expect(!BLASLibrary.configuration.isEmpty && !BLASLibrary.coreType.isEmpty)
    BLASThreads.set(1)
    #expect(BLASThreads.count == 1)
  }
}
