internal import Components
internal import Harness
internal import Statistics
internal import Storage
internal import Tensors

let survey = Reference(
  "sun2020", kind: .article, authors: ["Sun, Ruo-Yu"], title: "Optimization for Deep Learning: An Overview", year: 2020,
  venue: "Journal of the Operations Research Society of China", arXiv: "1912.08957", doi: "10.1007/s40305-020-00309-6")

let nesterov2004 = Reference(
  "nesterov2004", kind: .book, authors: ["Nesterov, Yurii"],
  title: "Introductory Lectures on Convex Optimization: A Basic Course", year: 2004, venue: "Springer",
  doi: "10.1007/978-1-4419-8853-9")

let polyak1964 = Reference(
  "polyak1964", kind: .article, authors: ["Polyak, Boris T."],
  title: "Some methods of speeding up the convergence of iteration methods", year: 1964,
  venue: "USSR Computational Mathematics and Mathematical Physics", doi: "10.1016/0041-5553(64)90137-5")

let nesterov1983 = Reference(
  "nesterov1983", kind: .article, authors: ["Nesterov, Yurii"],
  title: "A method for solving the convex programming problem with convergence rate O(1/k^2)", year: 1983,
  venue: "Doklady Akademii Nauk SSSR")

let lessard2016 = Reference(
  "lessard2016", kind: .article, authors: ["Lessard, Laurent", "Recht, Benjamin", "Packard, Andrew"],
  title: "Analysis and Design of Optimization Algorithms via Integral Quadratic Constraints", year: 2016,
  venue: "SIAM Journal on Optimization", arXiv: "1408.3595", doi: "10.1137/15M1009597")

let descentLemma = Finding(
  id: "gd.descent-lemma",
  statement: """
    With step 1/L on an L-smooth function every step lowers f by at least ||grad f||^2 / (2 L); above 2/L gradient \
    descent diverges on a quadratic.
    """,
  references: [nesterov2004, survey],
  quantity: "steps that lowered f by less, beyond rounding; distances to the minimizer with steps around 2/L",
  criterion: "0 violations; distances shrink below 2/L and grow above",
  experiment: GradientDescentExperiment.name, sweep: "analytic", minimumSeeds: 1
) { evidence in
  var violations = 0.0
  var steps = 0.0
  var resolved = 0.0
  var largest = -Double.infinity
  var wrong: [String] = []
  for run in evidence.runs {
    violations += try run.numbers("descent/violations").reduce(0, +)
    steps += try run.numbers("descent/steps").reduce(0, +)
    resolved += try run.numbers("descent/resolved").reduce(0, +)
    largest = max(largest, try run.numbers("descent/largest_excess").max() ?? .nan)
    let factors: [Double] = try run.measurements.dimension("limit/step_factor").coordinates?.doubles ?? []
    for (factor, distance) in zip(factors, try run.numbers("limit/final_distance")) {
      // A NaN is on neither side.
      let isAsExpected = factor < 2 ? distance < 1 : distance > 1
      if !isAsExpected { wrong.append("\(factor)/L of seed \(run.seed) ended at \(shortNumber(distance))") }
    }
  }
  let isReproduced = violations == 0 && steps > 0 && wrong.isEmpty
  return Outcome(
    isReproduced ? .reproduced : .notReproduced, effect: violations, unit: "violations",
    details: "\(Int(steps)) steps, \(Int(resolved)) of them beyond rounding, largest excess \(shortNumber(largest)) of "
      + "the allowance; "
      + (wrong.isEmpty ? "the limit is 2/L" : "wrong around 2/L: \(wrong.joined(separator: ", "))"))
}

let conditionNumber = Finding(
  id: "gd.condition-number",
  statement: """
    Iterations on a quadratic grow like the condition number kappa for gradient descent and like sqrt(kappa) for heavy \
    ball and Nesterov's method.
    """,
  references: [polyak1964, nesterov1983, lessard2016],
  quantity: """
    largest deviation of the three log-log slopes of iterations over kappa, 10 to 10^5, each the mean over seeds, from \
    1, 0.5 and 0.5
    """,
  criterion: "slopes 1 +- 0.1, 0.5 +- 0.1 and 0.5 +- 0.1: deviation < 0.1",
  experiment: GradientDescentExperiment.name, sweep: "analytic"
) { evidence in
  let slopes = try evidence.runs.map { try $0.numbers("conditioning/slope") }
  let expected = Method.allCases.map(\.exponent)
  let bootstrap = Bootstrap(key: Key(seed: 1964))
  let deviation = bootstrap.interval(of: slopes.indices.map { Double($0) }) { chosen in
    largestDeviation(of: chosen.map { slopes[Int($0)] }, from: expected)
  }
  let details = Method.allCases.enumerated().map { index, method in
    let slope = bootstrap.interval(of: slopes.map { $0[index] })
    return "\(method.rawValue) \(shortNumber(slope))"
  }
  return Outcome(
    deviation, must: .below(0.1),
    details: "slopes: " + details.joined(separator: ", "))
}
