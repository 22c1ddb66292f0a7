import Foundation
import Statistics

/// A workload beside a reference, timed in turn in one run, so that their ratio holds on a machine whose speed drifts.
public struct Comparison: Sendable {
  /// What is compared.
  public let name: String
  /// One sentence on what each side does.
  public let summary: String
  /// The ratio that is aimed at: ours over the reference.
  public let aim: Double
  let ours: Workload
  let reference: Workload

  /// The result of timing both sides.
  public struct Result: Sendable, Codable {
    /// What was compared.
    public let name: String
    /// Median seconds of a unit of our work.
    public let ours: Double
    /// Median seconds of a unit of the reference's work.
    public let reference: Double
    /// The median of the ratios of neighbouring samples.
    public let ratio: Double
    /// The lower quartile of the ratios.
    public let lowerQuartile: Double
    /// The upper quartile of the ratios.
    public let upperQuartile: Double
    /// The ratio that is aimed at.
    public let aim: Double
  }

  /// Times `samples` pairs, each long enough (at least `seconds`) for the clock.
  public func run(samples: Int = 21, seconds: Double = 0.02) -> Result {
    let timers = (ours: Workload.Timer(ours, seconds: seconds), reference: Workload.Timer(reference, seconds: seconds))
    var times: [Double] = []
    var references: [Double] = []
    for _ in 0..<samples {
      times.append(timers.ours.sample())
      references.append(timers.reference.sample())
    }
    let ratios = zip(times, references).map { $0 / $1 }
    let quartiles = quantiles([0.25, 0.5, 0.75], of: ratios)
    return Result(
      name: name, ours: median(times), reference: median(references), ratio: quartiles[1], lowerQuartile: quartiles[0],
      upperQuartile: quartiles[2], aim: aim)
  }

  /// Every comparison, in the order in which it is printed.
  public static let all = [
    trainingStep("MLP 64-64-64-10", widths: [64, 64, 64, 10], batchSize: 32),
    trainingStep("LeNet-300-100", widths: [784, 300, 100, 10], batchSize: 60),
    Comparison(
      name: "pruned step, LeNet-300-100, 5 % of the weights",
      summary: "a step of Adam of the network that is left, beside one of the whole network", aim: 0.4,
      ours: .prunedStep("pruned", 0.05), reference: .prunedStep("dense", 1)),
    Comparison(
      name: "20 rounds of pruning, LeNet-300-100",
      summary: "20 steps of Adam after each of 20 rounds that remove a fifth of the weights left, by chance, beside 20 "
        + "steps of the whole network",
      aim: 8, ours: .prunedSteps("rounds", densities: (1...20).map { pow(0.8, Double($0)) }, count: 20),
      reference: .prunedSteps("dense", densities: [1], count: 20)),
  ]

  /// One step of momentum SGD on a ReLU perceptron (a batch gathered by index, loss, gradient, update) against BLAS calls
  /// that form the same matrix products and nothing else.
  static func trainingStep(_ name: String, widths: [Int], batchSize: Int) -> Comparison {
    Comparison(
      name: "training step, \(name), batch \(batchSize)",
      summary: "momentum SGD on a ReLU perceptron \(widths.map(String.init).joined(separator: "-")) in Float32, beside "
        + "plain BLAS calls for its matrix products",
      aim: 1.6, ours: .trainingStep("step", Subject(widths), batchSize: batchSize),
      reference: .products(widths: widths, batchSize: batchSize))
  }
}
