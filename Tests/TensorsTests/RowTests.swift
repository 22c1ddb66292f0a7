import Tensors
import Testing

@Suite struct RowTests {
  @Test("rows are gathered whatever their number and length", arguments: [0, 1, 2, 3, 4, 9], [1, 5, 16, 5000])
  func gathered(count: Int, length: Int) {
    let x = (0..<7 * length).map(Float.init)
    // A slice that begins elsewhere, a row twice, the last and the first.
    let rows = [99, 6, 0, 3, 3, 1, 5, 2, 4, 6, 99][1..<1 + count]
    var y = [Float](repeating: -1, count: (count + 1) * length)
    gatherRows(x, length: length, rows, &y)
    #expect(Array(y.prefix(count * length)) == rows.flatMap { x[$0 * length..<($0 + 1) * length] })
    #expect(y.suffix(length).allSatisfy { $0 == -1 })
    var z = [Double](repeating: -1, count: count * length)
    gatherRows(x.map(Double.init), length: length, rows, &z)
    #expect(z == y.prefix(count * length).map(Double.init))
  }
}
