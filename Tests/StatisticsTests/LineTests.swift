import Statistics
import Testing

@Suite("Least-squares lines and exact intervals")
struct LineTests {
  private func expect(_ line: LeastSquaresLine, _ reference: [Double]) {
    let own = [line.slope, line.intercept, line.slopeStandardError, line.interceptStandardError, line.rSquared]
    for (own, theirs) in zip(own, reference) { #expect(isClose(own, theirs)) }
  }

  @Test("a line agrees with SciPy's linregress")
  func line() { expect(LeastSquaresLine(x: Reference.x, y: Reference.y), Reference.line) }

  @Test("a log-log slope and its interval agree with SciPy's")
  func logLog() {
    let line = LeastSquaresLine(logX: Reference.powerX, logY: Reference.powerY)
    expect(line, Reference.logLog)
    let interval = line.slopeInterval()
    #expect(isClose(interval.upper - line.slope, Reference.logLogReach, 1e-11))
    #expect(isClose(line.slope - interval.lower, Reference.logLogReach, 1e-11))
  }

  @Test("a power law and an exponential are recovered exactly")
  func exactLaws() {
    let x = [1.0, 2, 4, 8]
    let power = LeastSquaresLine(logX: x, logY: x.map { 3 / ($0 * $0) })
    #expect(isClose(power.slope, -2) && isClose(power.rSquared, 1))
    let exponential = LeastSquaresLine(x: [0, 1, 2], logY: [1, 0.5, 0.25])
    #expect(isClose(exponential.slope, -0.693_147_180_559_945_3))
    #expect(isClose(LeastSquaresLine(x: [1, 3], y: [5, 9])(10), 23))
  }

  @Test("what cannot be fitted is NaN")
  func degenerate() {
    #expect(LeastSquaresLine(x: [2, 2, 2], y: [1, 2, 3]).slope.isNaN)
    #expect(LeastSquaresLine(x: [], y: []).slope.isNaN)
    #expect(LeastSquaresLine(x: [1, 2], y: [1, 2]).slope == 1)
    #expect(!LeastSquaresLine(x: [1, 2], y: [1, 2]).slopeInterval().isDefined)
    #expect(LeastSquaresLine(x: [1, 2, 3], y: [4, 4, 4]).rSquared.isNaN)
    #expect(LeastSquaresLine(logX: [1, 2, 3], logY: [1, 0, 3]).slope.isNaN)
    #expect(LeastSquaresLine(x: [1, 2, 3], y: [1, .nan, 3]).slope.isNaN)
  }

  @Test("Student's quantiles agree with SciPy", arguments: Reference.student)
  func student(row: [Double]) {
    let own = studentQuantile(row[0], degreesOfFreedom: row[1])
    #expect(abs(own - row[2]) <= 1e-11 * abs(row[2]))
  }

  @Test("the incomplete beta function agrees with SciPy", arguments: Reference.incompleteBeta)
  func beta(row: [Double]) {
    let own = incompleteBeta(row[0], row[1], row[2])
    #expect(abs(own - row[3]) <= 2e-12 * row[3])
  }

  @Test("exact binomial intervals agree with SciPy", arguments: Reference.proportions)
  func proportions(row: [Double]) {
    let own = proportionInterval(successes: Int(row[0]), trials: Int(row[1]))
    #expect(isClose(own.lower, row[2]) && isClose(own.upper, row[3]))
    #expect(own.value == row[0] / row[1])
  }

  @Test("no trials leave a proportion open")
  func noTrials() {
    let own = proportionInterval(successes: 0, trials: 0)
    #expect(own.value.isNaN && own.lower == 0 && own.upper == 1)
  }
}
