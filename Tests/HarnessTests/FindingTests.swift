import Components
import Foundation
import Harness
import Statistics
import Storage
import Testing

private let finding = Toy.findings[0]

private func run(_ seed: Int, _ sum: Double, divergence: String? = nil) -> CollectedRun {
  CollectedRun(
    id: "run\(seed)", seed: seed, divergence: divergence, measurements: Group(variables: [Variable("sum", value: sum)]))
}

@Suite("A finding")
struct FindingTests {
  @Test(
    "is decided by where the whole interval lies",
    arguments: [
      (Condition.below(1), 0.2, 0.9, Verdict.reproduced), (.below(1), 0.9, 1.1, .inconclusive),
      (.below(1), 1, 1.1, .notReproduced), (.above(0), 0.1, 3, .reproduced), (.above(0), -1, 0, .notReproduced),
      (.above(0), -1, 1, .inconclusive), (.within(-1, 1), -0.5, 1, .reproduced),
      (.within(-1, 1), -0.5, 1.5, .inconclusive),
      (.within(-1, 1), 1.1, 1.5, .notReproduced), (.within(-1, 1), -2, 2, .inconclusive),
      (.below(1), .nan, 0, .inconclusive), (.below(1), 0, .nan, .inconclusive),
    ])
  func conditions(_ condition: Condition, _ lower: Double, _ upper: Double, _ verdict: Verdict) {
    #expect(condition.verdict(interval: lower, upper) == verdict)
  }

  @Test("made of several statements holds when all hold, fails when one fails, and shows the effect it is asked for")
  func conjunctions() {
    #expect(Verdict.conjunction([.reproduced, .reproduced]) == .reproduced)
    #expect(Verdict.conjunction([.reproduced, .inconclusive]) == .inconclusive)
    #expect(Verdict.conjunction([.inconclusive, .notReproduced, .reproduced]) == .notReproduced)
    #expect(Verdict.conjunction([]) == .inconclusive)
    func part(_ effect: Double, _ lower: Double, _ upper: Double) -> Outcome {
      Outcome(effect: effect, lower: lower, upper: upper, must: .above(0), unit: "nat", details: "\(effect)")
    }
    let parts = [part(2, 1, 3), part(1, -1, 3), part(5, 4, 6)]
    #expect(
      Outcome(all: parts)
        == Outcome(effect: 1, lower: -1, upper: 3, must: .above(0), unit: "nat", details: "2.0; 1.0; 5.0"))
    #expect(Outcome(all: parts, showing: .largest).interval == [4, 6])
    #expect(Outcome(all: parts, showing: .smallest).interval == [-1, 3])
    for place in 0..<3 {
      var undefined = parts
      undefined[place] = part(.nan, .nan, .nan)
      for shown in [Outcome.ShownPart.largest, .smallest] {
        #expect(Outcome(all: undefined, showing: shown).effect.isNaN, "\(place)")
      }
    }
    #expect(Outcome(all: []).effect.isNaN && Outcome(all: []).interval == nil)
  }

  @Test("counts what diverged and reproduces nothing while runs are missing or seeds are few")
  func missing() {
    let runs = [run(0, 1), run(1, 2), run(2, 3, divergence: "gone")]
    let whole = finding.report(on: Evidence(runs: runs), profile: .quick)
    #expect(whole.word == "reproduced" && whole.runs == 3 && whole.diverged == ["run2"])
    let part = finding.report(
      on: Evidence(runs: runs, missing: [MissingRun(id: "run3", reason: "the toy broke.")]), profile: .quick)
    #expect(part.word == "inconclusive" && part.outcome?.details == "1 of 4 runs have no result")
    let few = finding.report(on: Evidence(runs: Array(runs.prefix(2))), profile: .quick)
    #expect(few.word == "inconclusive" && few.outcome?.details == "2 of at least 3 seeds")
    let broken = Evidence(runs: [], missing: [MissingRun(id: "run3", reason: "the toy broke.")])
    #expect(finding.report(on: broken, profile: .quick).word == "failed")
  }

  @Test("has no results before anything was run, and says which command makes them")
  func unmade() throws {
    try withFolder { folder in
      let planned = try finding.plannedRuns(.quick, experiments: [Toy.self])
      let report = finding.report(on: planned, in: folder, profile: .quick)
      #expect(report.word == "no results" && report.missing.count == 4)
      #expect(
        VerdictTable.text([report], program: "toys") == """
          finding       verdict     effect [95 % interval]  criterion  runs
          toy.positive  no results                          > 0        0 of 4

          toy.positive: there are no results yet; toys reproduce toy.positive --profile quick makes them

          """)
    }
  }

  @Test("gives no verdict in profile smoke")
  func smoke() {
    let report = finding.report(on: Evidence(runs: [run(0, 1)]), profile: .smoke)
    #expect(report.word == "ran" && report.outcome == nil)
  }

  @Test("is computed from the files of its sweep")
  func files() throws {
    try withFolder { folder in
      let planned = try finding.plannedRuns(.quick, experiments: [Toy.self])
      #expect(planned.map(\.seed) == [0, 1, 2, 3])
      _ = Batch(Array(planned.dropLast()), folder: folder).execute()
      let report = finding.report(on: planned, in: folder, profile: .quick, reasons: [planned[3].id: "it broke"])
      #expect(report.runs == 3 && report.missing == [MissingRun(id: planned[3].id, reason: "it broke")])
      _ = Batch(planned, folder: folder).execute()
      #expect(finding.report(on: planned, in: folder, profile: .quick).word == "reproduced")
    }
  }

  @Test("stands in a table for people and in JSON for programs")
  func table() throws {
    let reports = [
      finding.report(
        on: Evidence(
          runs: [run(0, 1), run(1, 2, divergence: "gone"), run(2, 4)],
          missing: [MissingRun(id: "run3", reason: "the toy broke.")]), profile: .quick)
    ]
    #expect(
      VerdictTable.text(reports, program: "toys") == """
        finding       verdict       effect [95 % interval]  criterion  runs
        toy.positive  inconclusive  2.333 [1, 2] m          > 0        3 of 4

        toy.positive: 1 of 4 runs have no result
        toy.positive: diverged run1
        toy.positive: no result of 1 of 4 runs (run3): the toy broke.
        toy.positive: toys reproduce toy.positive --profile quick makes what is missing

        """)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(try VerdictTable.json(reports).utf8)) as? [[String: Any]])
    #expect(json[0]["id"] as? String == "toy.positive" && json[0]["verdict"] as? String == "inconclusive")
    #expect(json[0]["interval"] as? [Double] == [1, 2] && json[0]["runs"] as? Int == 3)
  }

  @Test("shows no interval where there is none")
  func noInterval() {
    #expect(shortNumber(Estimate(value: 0.5, lower: .nan, upper: .nan, level: 0.95)) == "0.5 (no interval)")
    #expect(shortNumber(Estimate(value: 0.5, lower: 0.25, upper: 1, level: 0.95)) == "0.5 [0.25, 1]")
  }

  @Test("names the nearest when it is misspelt")
  func names() {
    #expect(throws: HarnessError.unknownFinding("toy.postive", nearest: "toy.positive", known: ["toy.positive"])) {
      () throws in
      try [Toy.self as any Experiment.Type].finding("toy.postive")
    }
    #expect(
      HarnessError.unknownExperiment("tay", nearest: "toy", known: ["toy"]).description
        == "unknown experiment tay, did you mean toy? (there are: toy).")
  }

  @Test("can be cited")
  func citation() {
    let reference = Toy.references[0]
    #expect(
      reference.bibTeX == """
        @article{doe2020,
          author = {Doe, Jane and Roe, Richard},
          title = {{On Sums}},
          year = {2020},
          journal = {Journal of Sums},
          doi = {10.1/sums},
        }

        """)
    #expect(reference.short == "Doe and Roe 2020" && reference.identifier == "doi:10.1/sums")
  }
}
