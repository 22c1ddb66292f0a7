internal import Curvature
internal import Networks
internal import Tensors

/// A matrix over the parameters at one point: the Hessian, or one that stands beside it.
struct MeasuredMatrix<Element: Scalar> {
  /// What it is called in sentences.
  let title: String
  /// What its stages and random vectors are told from the Hessian's by; `nil` for the Hessian.
  let kind: CurvatureMatrix?
  /// The operator.
  let whole: any LinearOperator<Element>
  /// Makes the operator of some parameters alone, whose products cost less.
  let block: (_ places: [Range<Int>]) -> any LinearOperator<Element>

  /// Whether it can have negative eigenvalues; the others are sums of squares.
  var isIndefinite: Bool { kind == nil }

  /// The name of a stage that measures it.
  func stage(_ method: String) -> String { kind.map { "\(method)-\($0.rawValue)" } ?? method }

  /// What the random vectors of a method are drawn by.
  func key(_ method: String, under key: Key) -> Key {
    kind.map { key.child(method).child($0.rawValue) } ?? key.child(method)
  }
}

extension SpectrumMeasurement {
  /// The Hessian at the point.
  var hessian: MeasuredMatrix<Element> {
    MeasuredMatrix(title: "the Hessian", kind: nil, whole: objective.hessian(at: point)) {
      objective.hessian(at: point, of: $0)
    }
  }

  /// A matrix that stands beside it.
  func other(_ kind: CurvatureMatrix) -> MeasuredMatrix<Element> {
    switch kind {
    case .gaussNewton:
      return MeasuredMatrix(title: "the Gauss-Newton matrix", kind: kind, whole: objective.gaussNewton(at: point)) {
        objective.gaussNewton(at: point, of: $0)
      }
    case .fisher:
      return MeasuredMatrix(title: "the Fisher matrix", kind: kind, whole: objective.fisher(at: point)) {
        objective.fisher(at: point, of: $0)
      }
    case .sampledFisher:
      let whole = objective.sampledFisher(
        at: point, draws: settings.fisherDraws, key: key.child(kind.rawValue).child("labels"))
      // A block has to be one of the same matrix.
      return MeasuredMatrix(title: "the sampled Fisher matrix", kind: kind, whole: whole) {
        RestrictedOperator(whole, to: $0)
      }
    case .empiricalFisher:
      return MeasuredMatrix(
        title: "the empirical Fisher matrix", kind: kind, whole: objective.empiricalFisher(at: point)
      ) {
        objective.empiricalFisher(at: point, of: $0)
      }
    }
  }
}
