import Statistics
import Testing

func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}

@Suite("Summaries of samples")
struct DescriptiveTests {
  @Test("agree with NumPy")
  func references() {
    #expect(isClose(mean(Reference.x), Reference.mean))
    #expect(isClose(standardDeviation(Reference.x), Reference.standardDeviation))
    #expect(isClose(standardError(Reference.x), Reference.standardError))
    #expect(median(Reference.x) == Reference.median)
    for (own, theirs) in zip(quantiles(Reference.probabilities, of: Reference.x), Reference.quantiles) {
      #expect(isClose(own, theirs))
    }
  }

  @Test("the median of an even number of values is the mean of the middle two")
  func evenMedian() { #expect(median([4, 1, 3, 2]) == 2.5) }

  @Test("a NaN comes out when a NaN goes in, wherever it stands", arguments: 0..<4)
  func notANumber(position: Int) {
    var values = [1.0, 2, 3, 4]
    values[position] = .nan
    for result in [
      mean(values), largest(values), standardDeviation(values), median(values), quantile(0.9, of: values),
    ] {
      #expect(result.isNaN)
    }
    #expect(kendallTau(values, [1, 2, 3, 4]).isNaN)
    #expect(spearmanRho([1, 2, 3, 4], values).isNaN)
  }

  @Test("too small a sample gives NaN")
  func tooSmall() {
    #expect(mean([]).isNaN)
    #expect(median([]).isNaN)
    #expect(mean([3]) == 3)
    #expect(standardDeviation([3]).isNaN)
    #expect(largest([]).isNaN && largest([3]) == 3 && largest([1, 3, 2]) == 3)
  }

  @Test("a large common offset costs no digits")
  func offset() {
    let values = [1e9 + 0.1, 1e9 + 0.2, 1e9 + 0.3]
    #expect(isClose(standardDeviation(values), 0.1, 1e-7))
  }

  @Test("infinities stay themselves in quantiles")
  func infinities() {
    #expect(median([1, .infinity, .infinity, .infinity]) == .infinity)
    #expect(median([-.infinity, 1, 2]) == 1)
  }

  @Test("rank correlations with ties agree with SciPy")
  func correlations() {
    #expect(ranks(Reference.y) == Reference.ranks)
    #expect(isClose(kendallTau(Reference.x, Reference.y), Reference.kendall))
    #expect(isClose(spearmanRho(Reference.x, Reference.y), Reference.spearman))
    #expect(isClose(pearsonCorrelation(Reference.x, Reference.y), Reference.pearson))
  }

  @Test("a reversed order has rank correlation -1, a constant has none")
  func extremes() {
    #expect(kendallTau([1, 2, 3, 4], [8, 4, 2, 1]) == -1)
    #expect(isClose(spearmanRho([1, 2, 3, 4], [8, 4, 2, 1]), -1))
    #expect(kendallTau([1, 2, 3], [5, 5, 5]).isNaN)
    #expect(spearmanRho([1, 2, 3], [5, 5, 5]).isNaN)
  }
}
