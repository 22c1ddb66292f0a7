import Curvature
import Tensors
import Testing

@Suite("Parts and blocks of operators")
struct RestrictionTests {
  private let matrix = DenseMatrix<Double>((0..<49).map { Double($0 * $0 % 23) }, dimension: 7)

  @Test("a restricted operator is the matrix of the chosen rows and columns")
  func restriction() {
    let places = [1, 2, 5]
    let part = DenseMatrix(of: RestrictedOperator(matrix, to: [1..<3, 5..<6]))
    #expect(part.dimension == 3)
    for i in 0..<3 {
      for j in 0..<3 { #expect(part[i, j] == matrix[places[i], places[j]]) }
    }
    #expect(DenseMatrix(of: RestrictedOperator(matrix, to: [0..<7])).elements == matrix.elements)
    #expect(RestrictedOperator(matrix, to: []).dimension == 0)
  }

  @Test("an operator without a block product of its own makes one product a row")
  func defaultBlock() {
    let block = Tensor<Double>((0..<21).map { Double($0) - 8.5 }, shape: [3, 7])
    let products = matrix(rowsOf: block)
    for row in 0..<3 {
      let places = row * 7..<(row + 1) * 7
      #expect(matrix(Array(block.elements[places])) == Array(products.elements[places]))
    }
  }
}
