import Components
import Configuration
import Harness
import Networks
import Tensors
import Testing

@Suite("A recipe's network")
struct NetworkSettingsTests {
  private func sentence(_ yaml: String) -> String {
    do throws(ConfigurationError) {
      _ = try Recipe(yaml: yaml)
      return "read"
    } catch { return error.description }
  }

  @Test("can be any architecture by its name", arguments: Architecture.allCases)
  func architectures(_ architecture: Architecture) throws {
    var recipe = Recipe()
    recipe.network.design.architecture = architecture
    let shape: Shape = architecture.takesImages ? [28, 28] : [40]
    let network = try recipe.network.design.network(for: shape, outputs: 10)
    #expect(network.outputShape == (architecture.reconstructs ? [40] : [10]))
    #expect(network.layout.count > 0)
  }

  @Test("that does not fit the data is refused in one sentence")
  func misfits() {
    #expect(
      sentence("network: {architecture: lenet-5}\ndata: {name: mnist1d}")
        == "configuration, line 1 (network.architecture) and configuration, line 2 (data.name): "
        + "network.architecture lenet-5 does not take the examples of mnist1d, which have the shape "
        + "[40]: it takes images [height, width] or [height, width, channels]; choose another architecture, other sizes or "
        + "other data.")
    #expect(
      sentence("network: {architecture: lenet-5}")
        == "configuration, line 1: network.architecture lenet-5 does not take the examples of digits, which have the shape "
        + "[8, 8]: convolution2: a window of 5x5 is larger than its input of 4x4; choose another architecture, other sizes "
        + "or other data.")
    #expect(
      sentence("network: {architecture: vgg-small, depth: 10}").contains(
        "a window of 2x2 is larger than its input of 1x1"))
  }

  @Test("whose parts don't go together is refused in one sentence")
  func conflicts() {
    #expect(
      sentence("network: {width: 12}")
        == "configuration, line 1: network: width is 12, but mlp takes the widths of its layers from hidden.")
    #expect(
      sentence("network: {architecture: conv, depth: 3}")
        == "configuration, line 1: network: depth is 3, but conv has one of 2, 4, 6.")
    #expect(
      sentence("network: {architecture: resnet, depth: 8}\nbatch_size: 1")
        == "configuration, line 1 (network.architecture) and configuration, line 2 (batch_size): batch_size is 1, but "
        + "normalization over the batch needs at least 2; take more or choose another network.normalization.")
    #expect(sentence("network: {architecture: resnet, depth: 8}") == "read")
    #expect(sentence("network: {architecture: elman, normalization: batch}").contains("choose none"))
    #expect(sentence("network: {weight_normalization: weight, parameterization: ntk}").contains("must be standard"))
    #expect(
      sentence("network: {architecture: autoencoder}")
        == "configuration, line 1: loss is cross-entropy, but there are real numbers to learn, the inputs; choose "
        + "mean-squared-error.")
    #expect(sentence("network: {dropout: 0.5}\nbatch_size: null").contains("give a batch_size"))
    #expect(
      sentence("network: {architecture: conv, hidden: [5]}").contains("hidden is [5], but conv takes its widths from"))
    #expect(sentence("network: {architecture: elman, dropout: 0.1}").contains("elman has no place for it"))
    #expect(sentence("network: {architecture: elman, weight_normalization: weight}").contains("recurrence of elman"))
    #expect(sentence("network: {initializer: fixup}").contains("only resnet with skips"))
    #expect(
      sentence("network: {weight_normalization: spectral}\noptimizer.method: k-fac").contains("computes from others"))
  }

  @Test("has just the settings that initializers are listed with")
  func initializers() {
    let own = Set(NetworkSettings.documentation.map(\.key))
    #expect(own.isSuperset(of: NetworkComponents.initializers.flatMap(\.settings).map(\.name)))
  }

  @Test("that no memory holds is refused in one sentence")
  func memory() throws {
    var recipe = Recipe()
    recipe.network.hidden = [1_000_000, 1_000_000, 1_000_000]
    let data = try recipe.data.load()
    let error = #expect(throws: ConfigurationError.self) { try recipe.network(for: data) }
    #expect(
      error?.description.contains("has 2000077000010 parameters, whose training by momentum takes 32001 GB at least")
        == true)
    recipe.network.hidden = [7]
    let network = try recipe.network(for: data)
    #expect(recipe.memoryConflict(network, machine: UInt64(16 * network.parameterCount)) == nil)
    #expect(recipe.memoryConflict(network, machine: UInt64(16 * network.parameterCount - 1)) != nil)
    var newton = recipe
    newton.optimizer.method = .newton
    #expect(newton.memoryConflict(network, machine: UInt64(16 * network.parameterCount)) != nil)
  }

  @Test("leaves the identity of runs that use none of its newer settings as it was")
  func identity() {
    var recipe = Recipe()
    recipe.network.hidden = [16]
    #expect(recipe.differenceFromDefaults.map(\.key) == ["network.hidden"])
  }
}
