import Tensors
import Testing

@Suite struct SubsetTests {
  private func check<S: Scalar>(_ type: S.Type, _ count: Int, share: Double) {
    var generator = Key(seed: 3).child(count).generator()
    let places = (0..<count).filter { _ in generator.uniform() < share }
    guard let subset = Subset(places, of: count) else {
      Issue.record("places ascend")
      return
    }
    let x = (0..<count).map { S($0 + 1) }
    // What stands behind the result must stay.
    let behind = [S](repeating: -7, count: 20)
    var collected = [S](repeating: 0, count: places.count) + behind
    S.collect(subset, x, &collected)
    #expect(collected == places.map { x[$0] } + behind)
    var spread = [S](repeating: -1, count: count) + behind
    S.spread(subset, places.map { x[$0] }, &spread)
    let kept = Set(places)
    #expect(spread == (0..<count).map { kept.contains($0) ? x[$0] : 0 } + behind)
  }

  @Test(
    "a subset is collected and spread as element by element",
    arguments: [0, 1, 15, 16, 17, 33, 160, 1001], [0, 0.05, 0.5, 0.8, 1])
  func bothWays(count: Int, share: Double) {
    check(Float.self, count, share: share)
    check(Double.self, count, share: share)
  }

  @Test("places that do not ascend, or lie outside, make no subset")
  func ascending() {
    #expect(Subset([2, 1], of: 4) == nil)
    #expect(Subset([1, 1], of: 4) == nil)
    #expect(Subset([4], of: 4) == nil)
    #expect(Subset([-1], of: 4) == nil)
    #expect(Subset([0, 3], of: 4)?.total == 2)
  }
}
