import HessianSpectrum
import Testing

@Suite("The Hessian spectrum's analysis")
struct HessianSpectrumAnalysisTests {
  @Test("the largest in size are taken from both ends, and a NaN spoils all")
  func size() {
    #expect(largestInSize([3, 1, -4, 0.5], count: 2) == [-4, 3])
    #expect(largestInSize([3, .nan], count: 1)[0].isNaN)
    #expect(largestInSize([3], count: 2).count == 2 && largestInSize([3], count: 2).allSatisfy(\.isNaN))
  }

  @Test("the relative difference is the largest over all places and pairs of lists")
  func difference() {
    #expect(largestRelativeDifference([[1, -2, 0], [1, -2, 0]]) == 0)
    #expect(abs(largestRelativeDifference([[1, 10], [1, 9], [1.05, 10]]) - 0.1) < 1e-12)
    #expect(largestRelativeDifference([[-1], [1]]) == 2)
    for lists in [[], [[]], [[1], [1, 2]], [[1], [.nan]]] { #expect(largestRelativeDifference(lists).isNaN) }
  }

  @Test("the last third begins at two thirds of the steps planned, and a training that ended early has none")
  func third() {
    #expect(lastThird(steps: [0, 3, 6, 8, 9], values: [1, 2, 3, 4, 5], total: 9) == [3, 4, 5])
    let broken = lastThird(steps: [0, 3, 6, 8], values: [1, 2, 3, 4], total: 9)
    #expect(broken.count == 1 && broken[0].isNaN)
  }

  @Test("the first step at a level is that of the first value that isn't below it")
  func level() {
    #expect(firstStep(reaching: 2, steps: [0, 5, 9], values: [1, 2, 3]) == 5)
    #expect(firstStep(reaching: 4, steps: [0, 5, 9], values: [1, .nan, 3]).isNaN)
  }
}
