package import Tensors

/// Conjugate gradients for A x = b with a positive definite A: the minimizer of q(x) = x'Ax / 2 - b'x.
package struct ConjugateGradient {
  /// When it ends.
  package struct Rule {
    /// The most products with A.
    package var iterations: Int
    /// End when the residual's norm is at most this multiple of b's.
    package var residual = 0.0
    /// End when q has gained less than this, relatively, for each of the last max(10, i / 10) iterations (Martens 2010).
    package var progress = 0.0

    /// A rule.
    package init(iterations: Int, residual: Double = 0, progress: Double = 0) {
      self.iterations = iterations
      self.residual = residual
      self.progress = progress
    }
  }

  /// How it ended: the products made, the residual's norm relative to b's, and whether A was seen to have a direction
  /// along which it is not positive (the solution is then what was reached before).
  package struct Outcome {
    package let iterations: Int
    package let residual: Double
    package let metNegativeCurvature: Bool
  }

  /// Solves from the start that `solution` holds, and leaves the result there. Inner products are in Float64.
  @discardableResult
  package static func solve<Element: Scalar>(
    _ rightSide: [Element], from solution: inout [Element], rule: Rule,
    apply: (_ vector: [Element], _ product: inout [Element]) -> Void
  ) -> Outcome {
    var product = rightSide
    apply(solution, &product)
    var residual = rightSide
    residual.add(-1, times: product)
    var direction = residual
    let length = Double(rightSide.norm)
    var square = Double(residual.dot(residual))
    // q(x) = -x'(b + r) / 2.
    func model(_ x: [Element], _ r: [Element]) -> Double { -(Double(x.dot(rightSide)) + Double(x.dot(r))) / 2 }
    var models = [model(solution, residual)]
    var made = 0
    while made < rule.iterations, square.squareRoot() > rule.residual * length, square > 0 {
      apply(direction, &product)
      let curvature = Double(direction.dot(product))
      guard curvature > 0 else {
        return Outcome(iterations: made, residual: square.squareRoot() / length, metNegativeCurvature: true)
      }
      let step = Element(square / curvature)
      solution.add(step, times: direction)
      residual.add(-step, times: product)
      made += 1
      let next = Double(residual.dot(residual))
      scale(&direction, by: Element(next / square))
      direction.add(1, times: residual)
      square = next
      if rule.progress > 0 {
        models.append(model(solution, residual))
        let window = max(10, made / 10)
        if made > window, models[made] < 0 {
          let gain = (models[made] - models[made - window]) / models[made]
          if gain < Double(window) * rule.progress { break }
        }
      }
    }
    return Outcome(
      iterations: made, residual: length > 0 ? square.squareRoot() / length : 0, metNegativeCurvature: false)
  }
}
