import Foundation
import Harness
import Storage
import Synchronization
import Testing

@Suite("The remarks of runs")
struct RunRemarkTests {
  @Test("keeps what a run remarks on in its file, tells it when the run is done, and knows it the second time")
  func remarks() throws {
    try withFolder { folder in
      let said = ["an index is missing", "part/whole: Größen, sind; fraglich"]
      let runs =
        try toyRuns(seeds: 0...2, ["remarked_seed=1"]) + toyRuns(seeds: 3...3, ["diverging_seed=3", "remarked_seed=3"])
      let display = Told()
      let reports = Batch(runs, folder: folder, jobs: 1, display: display).execute()
      let expected = [[], said, [], ["the sum left the finite numbers"] + said]
      #expect(reports.map(\.remarks) == expected)
      #expect(Batch(runs, folder: folder).execute().map(\.remarks) == expected)
      #expect(try runs.map { try RunFile.header(of: $0.file(in: folder)).remarks } == expected)
      #expect(try folder.inventory().map(\.remarks).filter { !$0.isEmpty }.count == 2)
      let told = display.sentences.withLock { $0 }
      #expect(
        told[1].hasSuffix(": an index is missing; part/whole: Größen, sind; fraglich") && !told[0].contains("index"))
      #expect(
        told[3].hasSuffix(
          ": the sum left the finite numbers; an index is missing; part/whole: Größen, sind; fraglich"))
    }
  }
}

@Suite("What is said of the ends of trainings")
struct EndRemarkTests {
  private func reason(_ norm: Double, _ start: Double, _ eigenvalues: (Double, Double)? = nil) -> String? {
    reasonAgainstMinimum(gradientNorm: norm, atStart: start, eigenvalues: eigenvalues.map { ($0.0, $0.1) })
  }

  @Test("an end is a minimum when its gradient is a tenth of the start's and no curvature is very negative")
  func minima() {
    #expect(reason(0.09, 1) == nil && reason(0.09, 1, (-0.9, 10)) == nil)
    #expect(reason(0.11, 1) == "the gradient's norm is 0.11, at the start of training 1")
    #expect(reason(0.01, 1, (-2, 10)) == "the Hessian's smallest eigenvalue is -2, its largest 10")
    #expect(
      reasonAgainstMinimum(gradientNorm: 0.3, atStart: 1, of: "a random point")
        == "the gradient's norm is 0.3, at a random point 1")
    #expect(reasonAgainstMinimum(gradientNorm: 0.3, atStart: 1, eigenvalues: (0, 1), gradientLimit: 0.5) == nil)
    #expect(reasonAgainstMinimum(gradientNorm: 0, atStart: 1, eigenvalues: (-0.2, 1), curvatureLimit: 0.3) == nil)
  }

  @Test("what rounding leaves is neither steep nor a falling direction, where all is flat too")
  func rounding() {
    #expect(reason(1e-7, 1e-7) == nil && reason(0, 0, (-1e-17, 1e-17)) == nil && reason(0, 0, (-1e-17, -1e-17)) == nil)
    #expect(reason(0, 1, (-1e-7, 1e-8)) == nil && reason(0, 1, (-1e-4, 1e-8)) != nil && reason(0, 1, (-2, -1)) != nil)
  }

  @Test("what is not a number is no minimum, and is said in words, whatever its sign")
  func notNumbers() {
    #expect(reason(-.nan, 1) == "the gradient is not a number")
    #expect(reason(0.5, -.nan) == "the gradient's norm is 0.5, at the start of training nan")
    #expect(reason(0, 1, (-.nan, 1)) == "the Hessian's eigenvalues are not numbers")
    #expect(reason(0, 1, (0, .nan)) == "the Hessian's eigenvalues are not numbers")
    #expect(shortNumber(-Double.nan) == "nan" && shortNumber(-.infinity) == "-inf" && shortNumber(-0.5) == "-0.5")
  }

  @Test("a loss that was lost before any update did not go out of bounds")
  func divergence() {
    #expect(divergenceSentence(atStep: 3) == "the loss went out of bounds at step 3")
    #expect(divergenceSentence(of: "its loss", atStep: 20, from: 20) == "its loss was out of bounds from the start")
  }
}

/// Keeps what is told.
private final class Told: ProgressDisplay {
  let sentences = Mutex<[String]>([])
  func show(_ snapshot: ProgressSnapshot) {}
  func tell(_ sentence: String) { sentences.withLock { $0.append(sentence) } }
  func finish() {}
}
