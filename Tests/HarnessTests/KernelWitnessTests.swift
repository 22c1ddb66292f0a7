import Differentiation
import Foundation
import Networks
import Storage
import Tensors
import Testing

/// JAX's tangent kernels on weights that a run exported; `Tests/Interoperability/compare_kernels.py` made the files.
@Suite("The empirical tangent kernel on exported weights")
struct KernelWitnessTests {
  @Test("is JAX's, for ReLU in the standard and tanh in the NTK parameterization", arguments: ["relu", "tanh"])
  func kernel(name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = try SafetensorsFile.read(folder.appending(path: "Interoperability/kernel-\(name).safetensors").path)
    let arrays = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0) })
    let features = try #require(arrays["features"])
    let expected = try #require(arrays["kernel"]?.values.doubles)
    var design = NetworkDesign()
    design.hidden = [7, 5]
    design.activation = name == "relu" ? .relu : .tanh
    design.parameterization = name == "relu" ? .standard : .neuralTangent
    #expect(file.metadata["configuration.training.network.hidden"] == "[7, 5]")
    let network = try design.network(for: [features.shape[1]], outputs: 10)
    let parameters = try network.layout.blocks.flatMap { try #require(arrays[$0.name]?.values.doubles) }
    #expect(try difference(Double.self, network, parameters, features, expected) < 1e-13)
    #expect(try difference(Float.self, network, parameters, features, expected) < 1e-5)
  }

  /// The largest difference from the kernel expected, by its largest entry.
  private func difference<S: Scalar>(
    _ type: S.Type, _ network: Network, _ parameters: [Double], _ features: SafetensorsFile.Entry, _ expected: [Double]
  ) throws -> Double {
    let inputs = Tensor(try #require(features.values.doubles).map { S($0) }, shape: features.shape)
    let objective = NetworkObjective<S>(
      network, loss: .crossEntropy,
      examples: Examples<S>(features: inputs, labels: [Int](repeating: 0, count: features.shape[0]), classes: 10))
    let found = objective.neuralTangentKernel(at: parameters.map { S($0) })
    #expect(found.elements.count == expected.count)
    let largest = expected.reduce(0) { max($0, abs($1)) }
    return zip(found.elements, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) } / largest
  }
}
