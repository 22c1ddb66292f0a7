import Configuration
import Datasets
import Differentiation
import Foundation
import Harness
import HessianSpectrum
import Networks
import Storage
import Tensors
import Testing

@Suite("The matrices of a run of hessian-spectrum")
struct HessianSpectrumMatrixTests {
  private func settings(blocks: BlockChoice) -> HessianSpectrumSettings {
    var settings = HessianSpectrumSettings()
    settings.precision = .float64
    settings.training.network.hidden = [3]
    settings.training.network.design.activation = .tanh
    settings.training.data.trainCount = 25
    settings.training.batchSize = 5
    settings.training.l2 = 0.01
    settings.training.steps = 20
    settings.along.largest = 1
    settings.along.traceProbes = 0
    settings.spectrum.largest = 22
    settings.spectrum.tolerance = 1e-8
    settings.spectrum.powerCount = 0
    settings.spectrum.densityProbes = 0
    settings.spectrum.besideDensityProbes = 0
    settings.spectrum.denseLimit = 0
    settings.spectrum.traceProbes = 200
    settings.spectrum.hutchPlusPlusProducts = 150
    settings.spectrum.diagonalProbes = 150
    settings.spectrum.blockProbes = 100
    settings.spectrum.beside = CurvatureMatrix.allCases
    settings.spectrum.fisherDraws = 2
    settings.spectrum.blocks = blocks
    return settings
  }

  /// The matrices at the end of a run, by the names of their groups, built column by column.
  private func matrices(_ settings: HessianSpectrumSettings, _ file: Group) throws -> [(name: String, [Double])] {
    let data = try settings.training.data.load()
    let network = try settings.training.network(for: data)
    let objective = SplitEvaluation<Double>(settings.training, of: network, on: data).training
    let point: [Double] = try file.group("checkpoints/20").variablePaths.flatMap { try $0.variable.elements() }
    let operators: [(String, any LinearOperator<Double>)] = [
      ("", objective.hessian(at: point)), ("gauss_newton/", objective.gaussNewton(at: point)),
      ("fisher/", objective.fisher(at: point)), ("empirical_fisher/", objective.empiricalFisher(at: point)),
      (
        "sampled_fisher/",
        objective.sampledFisher(
          at: point, draws: 2, key: Key(seed: 3).child("final").child("sampled-fisher").child("labels"))
      ),
    ]
    return operators.map { name, matrix in
      let columns = point.indices.flatMap { place in
        var unit = [Double](repeating: 0, count: point.count)
        unit[place] = 1
        return matrix(unit)
      }
      return (name, columns)
    }
  }

  private func check(_ estimates: [Double], _ errors: [Double], _ exact: [Double], below: Double, _ what: String) {
    #expect(estimates.count == exact.count && errors.count == exact.count, "\(what)")
    for (index, value) in exact.enumerated() {
      #expect(abs(estimates[index] - value) <= 6 * errors[index] + 1e-12, "\(what) \(index)")
    }
    #expect(errors.norm < below * exact.norm, "\(what): \(errors.norm) of \(exact.norm)")
  }

  @Test(
    "traces, diagonals and blocks of all four are those of the dense matrices", arguments: [BlockChoice.layers, .none])
  func dense(blocks: BlockChoice) throws {
    var settings = settings(blocks: blocks)
    settings.spectrum.subset = ["dense1/bias", "dense2/weight"]
    // 64-3-10: a layer of 195 parameters, one of 40, and a subset of 33 that lies apart.
    let layers = blocks == .layers ? [[0..<195], [195..<235]] : []
    let places = (layers + [[192..<195, 195..<225]]).map { $0.flatMap { Array($0) } }
    try inRun(of: HessianSpectrumExperiment.self, settings) { file in
      let final = try file.group("measurements/final")
      for (name, matrix) in try matrices(settings, file) {
        let order = 235
        let diagonal = (0..<order).map { matrix[$0 * order + $0] }
        for trace in ["trace", "trace_hutch_plus_plus"] {
          check(
            [try final.variable("\(name)\(trace)").value()],
            [try final.variable("\(name)\(trace)_standard_error").value()], [diagonal.reduce(0, +)], below: 0.1,
            "\(name)\(trace)")
        }
        check(
          try final.variable("\(name)diagonal").elements(),
          try final.variable("\(name)diagonal_standard_error").elements(), diagonal, below: 1, "\(name)diagonal")
        let parts = try final.group("\(name)blocks")
        #expect(try parts.variable("parameters").elements(Int.self) == places.map(\.count))
        check(
          try parts.variable("trace").elements(), try parts.variable("trace_standard_error").elements(),
          places.map { $0.reduce(0) { $0 + diagonal[$1] } }, below: 0.2, "\(name)blocks/trace")
        let largest: [Double] = try parts.variable("largest").elements()
        for (index, chosen) in places.enumerated() {
          var part = chosen.flatMap { row in chosen.map { matrix[row * order + $0] } }
          let values = try #require(Double.symmetricEigenvalues(order: chosen.count, matrix: &part))
          let scale = abs(values.last ?? 0)
          for (place, value) in values.reversed().prefix(3).enumerated() {
            #expect(abs(largest[3 * index + place] - value) < 1e-7 * scale, "\(name) \(index) \(place)")
          }
          // The others have no negative eigenvalues, and none is looked for.
          #expect(parts.variables.contains { $0.name == "smallest" } == name.isEmpty)
          if name.isEmpty {
            let smallest: [Double] = try parts.variable("smallest").elements()
            #expect(abs(smallest[index] - values[0]) < 1e-7 * scale)
          }
        }
      }
    }
  }

  @Test("a subset that the network doesn't have ends the run before anything is measured or trained")
  func unknownTensor() throws {
    var settings = settings(blocks: .none)
    settings.spectrum.subset = ["dense1/bias", "dense7/weight"]
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("spectrum-\(UUID().uuidString)").path
    defer {
      do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
    }
    let run = HessianSpectrumExperiment.planned(settings, seed: 3)
    let folder = ResultsFolder(path)
    guard case .failed(let sentence, let code) = Batch([run], folder: folder).execute()[0].ending else {
      Issue.record("it went on")
      return
    }
    #expect(
      sentence == "spectrum.subset names dense7/weight, but the network's tensors are dense1/weight, dense1/bias, "
        + "dense2/weight, dense2/bias.")
    #expect(code == ExitStatus.configuration)
    let left = try FileManager.default.subpathsOfDirectory(atPath: path)
    #expect(!left.contains { $0.contains("stage-") || $0.contains("checkpoints-") })
  }
}
