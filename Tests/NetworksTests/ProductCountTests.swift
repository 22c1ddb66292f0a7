import Differentiation
import Networks
import Tensors
import Testing

@Suite("Work of a Hessian-vector product")
struct ProductCountTests {
  /// Matrix products that `output` needs: those that depend on `input`, and the others.
  private func products(for output: Symbol, dependingOn input: Symbol) -> (dependent: Int, others: Int) {
    let nodes = output.graph.nodes
    var needed = Set([output.index])
    for index in (0...output.index).reversed() where needed.contains(index) { needed.formUnion(nodes[index].inputs) }
    var dependent = Set([input.index])
    for index in nodes.indices where nodes[index].inputs.contains(where: dependent.contains) { dependent.insert(index) }
    let products = needed.filter { Symbol(graph: output.graph, index: $0).primitive(MatrixProduct.self) != nil }
    return (products.count { dependent.contains($0) }, products.count { !dependent.contains($0) })
  }

  @Test(
    "of a perceptron of L layers, 6 L - 4 matrix products are repeated at a point and 2 L - 1 are kept",
    arguments: [2, 3, 5], Loss.allCases.filter(\.hasLikelihood))
  func perceptron(layers: Int, loss: Loss) {
    let widths = (0...layers).map { 11 - $0 }
    let network = Network.multilayerPerceptron(widths: widths, activation: .tanh, initializer: .lecunNormal)
    let graph = Graph()
    let parameters = graph.input("parameters", shape: [network.parameterCount])
    let features = graph.input("features", shape: [13, widths[0]])
    let labels = graph.input("labels", shape: [13])
    let direction = graph.input("direction", shape: [network.parameterCount])
    let total = loss(network(parameters, features), labels: labels).sum()
    let product = graph.hessianVectorProduct(of: total, withRespectTo: parameters, along: direction)
    // Tangents: two products for each of the activations, the cotangents of layers' inputs and the weights' gradients,
    // but one less where the examples, which don't move, enter: in the first activation and the first gradient, and no
    // cotangent of the examples at all.
    let count = products(for: product, dependingOn: direction)
    #expect(count.dependent == 6 * layers - 4)
    #expect(count.others == 2 * layers - 1)
  }
}
