import Flatness
import Foundation
import Harness
import Storage
import Testing

@Suite("flatness that is stopped")
struct FlatnessResumeTests {
  private func settings() -> FlatnessSettings {
    var settings = FlatnessSettings()
    settings.minimum.network.hidden = [5]
    (settings.minimum.data.trainCount, settings.minimum.data.testCount, settings.minimum.steps) = (50, 20, 100)
    settings.rescaling = 4
    settings.slices.direction = .eigenvector
    settings.slices.leftOut = [.biases]
    (settings.slices.lines, settings.slices.points, settings.slices.planePoints) = (2, 3, 3)
    settings.slices.hasPlaneEigenvalues = true
    return settings
  }

  @Test("again and again ends with the bits of a run that wasn't, and makes no measure twice")
  func interruption() throws {
    let run = FlatnessExperiment.planned(settings(), seed: 3)
    try inFolder { whole in
      try inFolder { broken in
        #expect(Batch([run], folder: whole).execute()[0].ending == .finished)
        var interruptions = 0
        for attempt in 1...400 {
          let cancellation = Cancellation()
          let timer = Thread {
            Thread.sleep(forTimeInterval: 0.004 * Double(attempt))
            cancellation.cancel()
          }
          timer.start()
          let ending = Batch([run], folder: broken, cancellation: cancellation).execute()[0].ending
          if ending == .finished { break }
          #expect([.interrupted, .unmade].contains(ending))
          interruptions += 1
        }
        #expect(interruptions > 3)
        let files = try [whole, broken].map { try RunFile.read(run.file(in: $0)) }
        let isSame = files[0].measurements == files[1].measurements && files[0].checkpoints == files[1].checkpoints
        #expect(isSame)
        let stages = try files[0].provenance.dimension("stage").coordinates.flatMap(String.elements) ?? []
        for stage in ["eigenvalues", "trace", "rises", "relative-flatness"].flatMap({
          ["measures.\($0)", "rescaling.original.\($0)", "rescaling.rescaled.\($0)"]
        }) + ["slices.axes", "slices.moved-axes"] {
          #expect(stages.contains(stage), "\(stages)")
        }
      }
    }
  }
}
