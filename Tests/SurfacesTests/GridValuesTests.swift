import Surfaces
import Tensors
import Testing

@Suite("Values on a grid")
struct GridValuesTests {
  /// Two quantities of a cell, with digits that a rounding would change.
  private func quantities(_ cell: Int) -> [Double] { [1 / (3 + Double(cell)), Double(cell).squareRoot()] }

  @Test("a half-made grid computes its missing cells only, in their order, and ends with the bits of an unbroken one")
  func restart() {
    var whole = GridValues(cells: 7, quantities: 2)
    whole.compute(quantities)
    var broken = GridValues(cells: 7, quantities: 2)
    broken.compute(quantities) { cell, _ in cell < 2 }
    #expect(broken.missing == [3, 4, 5, 6] && broken.fields.allSatisfy { $0[3...].allSatisfy(\.isNaN) })
    // A hole in the middle, as of a file that was put together from parts.
    var fields = broken.fields
    for field in fields.indices { (fields[field][1], fields[field][5]) = (.nan, whole.fields[field][5]) }
    var restored = GridValues(fields: fields)
    var asked: [Int] = []
    restored.compute { cell in
      asked.append(cell)
      return quantities(cell)
    }
    #expect(asked == [1, 3, 4, 6] && restored == whole)
    #expect(restored.fields.map { $0.map(\.bitPattern) } == whole.fields.map { $0.map(\.bitPattern) })
    restored.compute { _ in [0, 0] }
    #expect(restored == whole)
  }

  @Test("what throws keeps the cells before it, and a NaN of the first quantity stays missing")
  func failures() {
    struct Stop: Error {}
    var grid = GridValues(cells: 4, quantities: 2)
    #expect(throws: Stop.self) {
      try grid.compute { cell in
        if cell == 2 { throw Stop() }
        return [Double(cell), .nan]
      }
    }
    #expect(grid.missing == [2, 3] && grid.fields[0][..<2] == [0, 1])
    grid.compute { [$0 == 2 ? .nan : 5, 1] }
    #expect(grid.missing == [2] && grid.fields[0][3] == 5 && grid.fields[1][2] == 1)
  }
}
