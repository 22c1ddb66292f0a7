import Statistics
import Tensors
import Testing

@Suite("Bootstrap intervals")
struct BootstrapTests {
  private let bootstrap = Bootstrap(key: Key(seed: 5), resamples: 2000)

  @Test("the 95 % interval of a mean covers the truth in about 95 % of samples of 30")
  func coverage() {
    var generator = Key(seed: 77).generator()
    var hits = 0
    let trials = 600
    for trial in 0..<trials {
      let sample = (0..<30).map { _ in 3 + 2 * generator.normal() }
      let method = Bootstrap(key: Key(seed: 78).child(trial), resamples: 400)
      if method.interval(of: sample).contains(3) { hits += 1 }
    }
    // The percentile interval's true coverage is close to 0.94 here; the bounds lie 4 standard errors from it.
    let coverage = Double(hits) / Double(trials)
    #expect(coverage > 0.90 && coverage < 0.98)
  }

  @Test("the documented coverage at five values holds")
  func smallCoverage() {
    var generator = Key(seed: 79).generator()
    let trials = 1500
    let hits = (0..<trials).count { trial in
      let sample = (0..<5).map { _ in generator.normal() }
      return Bootstrap(key: Key(seed: 80).child(trial), resamples: 400).interval(of: sample).contains(0)
    }
    #expect(abs(Double(hits) / Double(trials) - 0.83) < 0.04)
  }

  @Test("half of the level's width comes from each tail, as the normal theory says for a large sample")
  func normalTheory() {
    var generator = Key(seed: 9).generator()
    let sample: [Double] = generator.normals(2000)
    let interval = bootstrap.interval(of: sample)
    let error = standardError(sample)
    #expect(abs((interval.upper - interval.value) / error - 1.96) < 0.15)
    #expect(abs((interval.value - interval.lower) / error - 1.96) < 0.15)
    #expect(interval.value == mean(sample) && interval.level == 0.95)
  }

  @Test("the same key gives the same interval, another key another one")
  func determinism() {
    let values = [1.0, 4, 2, 8, 5, 7]
    #expect(bootstrap.interval(of: values) == bootstrap.interval(of: values))
    let other = Bootstrap(key: Key(seed: 6), resamples: 50).interval(of: values)
    #expect(other != Bootstrap(key: Key(seed: 5), resamples: 50).interval(of: values))
  }

  @Test("pairing removes what the two samples have in common")
  func paired() {
    let common = [10.0, -40, 25, 80, -3, 55, 7, -90]
    let second = common.enumerated().map { $1 + ($0 % 2 == 0 ? 0.9 : 1.1) }
    let paired = bootstrap.interval(ofPairedDifferences: second, common)
    #expect(paired.lower > 0.85 && paired.upper < 1.15 && isClose(paired.value, 1))
    let unpaired = bootstrap.interval(ofIndependent: second, common) { mean($0) - mean($1) }
    #expect(unpaired.lower < -10 && unpaired.upper > 10)
  }

  @Test("any statistic may be asked for")
  func statistics() {
    let values = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 1000]
    let middle = bootstrap.interval(of: values, statistic: median)
    #expect(middle.value == 5.5 && middle.upper < 10)
    let tau = bootstrap.interval(ofPairs: values, values.map { -$0 }, statistic: kendallTau)
    #expect(tau.value == -1 && tau.lower == -1 && tau.upper == -1)
  }

  @Test("a higher level gives a wider interval")
  func levels() {
    let values = [1.0, 4, 2, 8, 5, 7, 3]
    let narrow = Bootstrap(key: Key(seed: 1), level: 0.5, resamples: 2000).interval(of: values)
    let wide = Bootstrap(key: Key(seed: 1), level: 0.99, resamples: 2000).interval(of: values)
    #expect(wide.lower < narrow.lower && wide.upper > narrow.upper)
  }

  @Test("one value, none, or a NaN has no interval")
  func undefined() {
    for values in [[], [2.0], [1, 2, .nan, 4]] {
      let interval = bootstrap.interval(of: values)
      #expect(!interval.isDefined && !interval.contains(2))
    }
    #expect(bootstrap.interval(of: [2]).value == 2)
    #expect(bootstrap.interval(of: [1, .nan]).value.isNaN)
  }

  @Test("a decreasing map turns the interval round")
  func mapped() {
    let estimate = Estimate(value: 2, lower: 1, upper: 4, level: 0.95).mapped { 1 / $0 }
    #expect(estimate == Estimate(value: 0.5, lower: 0.25, upper: 1, level: 0.95))
  }
}
