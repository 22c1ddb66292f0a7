import Foundation
import Harness
import Storage
import Testing

@Suite("Rehearsals", .serialized)
struct RehearsalTests {
  private func time(_ run: PlannedRun, rehearsing watch: Double?) throws -> (
    seconds: Double, spent: Double, file: RunFile
  ) {
    try withFolder { folder in
      var batch = Batch([run], folder: folder, jobs: 1)
      let rehearsal = watch.map { Rehearsal(watch: $0) { Work.seconds } }
      batch.rehearsal = rehearsal
      let start = Work.seconds
      let report = batch.execute()[0]
      #expect(report.ending == .finished)
      let spent = Work.seconds - start
      return (rehearsal?.account.seconds ?? spent, spent, try RunFile.read(run.file(in: folder)))
    }
  }

  @Test("say within 3 % how long the run takes, in a small part of the time")
  func estimate() throws {
    let run = Slow.planned(Slow.Settings(), seed: 0)
    let real = try time(run, rehearsing: nil)
    let rehearsed = try time(run, rehearsing: 30)
    #expect(abs(rehearsed.seconds / real.seconds - 1) < 0.03, "\(rehearsed.seconds) of \(real.seconds)")
    #expect(rehearsed.spent < 0.2 * real.spent)
    #expect(try rehearsed.file.measurements.variable("steps").value() == 5000)
  }

  @Test("of short runs are the runs")
  func short() throws {
    var settings = Slow.Settings()
    settings.steps = 10
    let run = Slow.planned(settings, seed: 0)
    let rehearsed = try time(run, rehearsing: 1e9)
    #expect(abs(rehearsed.seconds / (try time(run, rehearsing: nil).seconds) - 1) < 0.05)
    // Products are those of the matrix that stands for the operator.
    #expect(try rehearsed.file.measurements.variable("sum").value() == 450 + 200.0)
  }

  @Test("let iterations to convergence make about as many products as at the end of training")
  func convergence() throws {
    let rehearsed = try time(Spectral.planned(Spectral.Settings(), seed: 0), rehearsing: 1)
    let measurements = rehearsed.file.measurements
    // LeNet-300-100 on Fashion-MNIST took 83 for both ends, and 81 for 20 and 2 in a network of three layers.
    #expect((50...110).contains(try measurements.variable("both").value(Int.self)))
    #expect((50...110).contains(try measurements.variable("many").value(Int.self)))
    #expect(rehearsed.spent < 200 && rehearsed.seconds > 10 * rehearsed.spent)
  }

  @Test("end a pass over the examples once a few chunks are timed, in training as in evaluations")
  func passes() throws {
    let run = Passing.planned(Passing.Settings(), seed: 0)
    let real = try time(run, rehearsing: nil)
    let rehearsed = try time(run, rehearsing: 60)
    #expect(abs(rehearsed.seconds / real.seconds - 1) < 0.03, "\(rehearsed.seconds) of \(real.seconds)")
    #expect(rehearsed.spent < 1500, "\(rehearsed.spent) of \(real.spent)")
  }

  @Test("make stages of the same cost once")
  func sharedStages() throws {
    let run = Repeating.planned(Repeating.Settings(), seed: 0)
    let real = try time(run, rehearsing: nil)
    let rehearsed = try time(run, rehearsing: 1e9)
    #expect(real.seconds == 700 && rehearsed.seconds == 700)
    #expect(real.spent == 700 && rehearsed.spent == 500)
  }
}
