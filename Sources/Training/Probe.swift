public import Tensors

/// The moments at which something is done while training goes.
public enum Occasions: Hashable, Codable, Sendable {
  /// Steps 0, n, 2n, ...
  case every(Int)
  /// Step 0 and the steps nearest to 10^(k / perDecade), k = 0, 1, ...
  case logarithmic(perDecade: Int)
  /// These steps.
  case at(Set<Int>)
  /// At no step (a probe is still asked at the last one).
  case never

  /// Whether `step` is one of them.
  public func contains(_ step: Int) -> Bool {
    switch self {
    case .every(let interval):
      precondition(interval > 0, "something is done every 1 step or more, not every \(interval)")
      return step % interval == 0
    case .logarithmic(let perDecade):
      precondition(perDecade > 0, "a decade has 1 point or more, not \(perDecade)")
      guard step > 0 else { return step == 0 }
      let nearest = (decimalLogarithm(Double(step)) * Double(perDecade)).rounded()
      return [nearest - 1, nearest, nearest + 1].contains { power in
        power >= 0 && Int(powerOfTen(power / Double(perDecade)).rounded()) == step
      }
    case .at(let steps): return steps.contains(step)
    case .never: return false
    }
  }
}

extension Occasions {
  /// How many of some steps are among them. Cost: none for `every`, else that of asking for each.
  package func count(in steps: Range<Int>) -> Int {
    switch self {
    case .every(let interval): steps.isEmpty ? 0 : (steps.upperBound - 1) / interval - (steps.lowerBound - 1) / interval
    case .never: 0
    case .at, .logarithmic: steps.count { contains($0) }
    }
  }
}

/// What a probe sees: a step before its update.
public struct ProbePoint<Element: Scalar> {
  /// The number of updates made so far.
  public let step: Int
  /// The parameters after that many updates.
  public let parameters: [Element]
  /// The parameters that the method would have evaluated; an average, for instance. Most methods': `parameters`.
  public let evaluationParameters: [Element]
  /// The loss at `parameters`: of the full objective, or of the step's batch in stochastic training.
  public let loss: Double
  /// Its gradient, before clipping and weight decay.
  public let gradient: [Element]
  /// The rate of the update that comes next.
  public let learningRate: Double
}

/// A measurement made while training goes: named numbers, computed on some occasions and at the last step.
///
///     let sharpness = Probe<Float>(
///       [TrajectoryColumn("sharpness", longName: "largest eigenvalue of the Hessian")], at: .every(100)
///     ) { point in [largestEigenvalue(objective.hessian(at: point.parameters))] }
///
/// A probe must not change what it measures: it may use the objective, which then recomputes what it kept.
public struct Probe<Element: Scalar> {
  /// What it computes.
  public let columns: [TrajectoryColumn]
  /// When.
  public let occasions: Occasions
  /// The measurement: a number for each column.
  public let measure: (ProbePoint<Element>) -> [Double]

  /// Creates a probe from its measurement.
  public init(
    _ columns: [TrajectoryColumn], at occasions: Occasions, measure: @escaping (ProbePoint<Element>) -> [Double]
  ) {
    self.columns = columns
    self.occasions = occasions
    self.measure = measure
  }

  /// The loss that the step descends, its gradient's norm and the learning rate.
  ///
  /// In stochastic training the first two are those of the step's batch; name them so by `prefix: "batch_"`. `unit` is the
  /// loss's.
  public static func progress(at occasions: Occasions, prefix: String = "", unit: String = "1") -> Probe {
    let of = prefix.isEmpty ? "" : " of the step's batch"
    return Probe(
      [
        TrajectoryColumn("\(prefix)loss", units: unit, longName: "training loss\(of)"),
        TrajectoryColumn("\(prefix)gradient_norm", longName: "Euclidean norm of the loss's gradient\(of)"),
        TrajectoryColumn("learning_rate", longName: "learning rate"),
      ], at: occasions
    ) { [$0.loss, Double($0.gradient.norm), $0.learningRate] }
  }

  /// A number computed from the parameters alone, such as a test loss.
  public static func value(
    _ column: TrajectoryColumn, at occasions: Occasions, of function: @escaping ([Element]) -> Double
  ) -> Probe {
    Probe([column], at: occasions) { [function($0.parameters)] }
  }

  /// The Euclidean distance from `start`.
  public static func distance(from start: [Element], at occasions: Occasions) -> Probe {
    Probe(
      [
        TrajectoryColumn(
          "distance_from_initialization", longName: "Euclidean distance from the parameters training began with")
      ], at: occasions
    ) { point in
      var difference = point.parameters
      difference.add(-1, times: start)
      return [Double(difference.norm)]
    }
  }
}
