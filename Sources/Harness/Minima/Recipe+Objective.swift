public import Datasets
public import Networks
public import Tensors

extension Recipe {
  /// The batches of training; `nil` where every step sees all examples. A last batch of a single example is left out of its
  /// epoch where the network normalizes over batches.
  public func sampler(for network: Network, exampleCount: Int, key: Key) -> BatchSampler? {
    batchSize.map { wanted in
      let size = min(wanted, exampleCount)
      let leavesOne = network.statisticsCount > 0 && exampleCount % size == 1
      return BatchSampler(exampleCount: exampleCount, batchSize: size, key: key, keepsPartialBatch: !leavesOne)
    }
  }

  /// The mean loss over a part of a data set, with the L2 term, as a function of the network's parameters.
  ///
  /// An autoencoder's targets are its inputs. A network that normalizes over batches does so over those of training, or of
  /// 512 examples where training has none, in the order of the data.
  public func objective<Element: Scalar>(
    of network: Network, on data: Dataset, as type: Element.Type = Element.self
  ) -> NetworkObjective<Element> {
    objective(of: network, on: examples(of: data))
  }

  /// The same over examples that are in memory already, as the recipe takes them.
  public func objective<Element: Scalar>(
    of network: Network, on examples: Examples<Element>
  ) -> NetworkObjective<Element> {
    objective(of: network, on: examples, moments: .ofBatches(min(batchSize ?? 512, examples.count)))
  }

  /// A part of a data set as objectives of this recipe compute with it: with its inputs as targets for an autoencoder.
  /// Several objectives may share it. Cost: a copy of the part.
  public func examples<Element: Scalar>(of data: Dataset, as type: Element.Type = Element.self) -> Examples<Element> {
    let data = network.design.architecture.reconstructs ? data.reconstructing : data
    let features: Tensor<Element> = data.features()
    guard let targets = data.targets else {
      return Examples(features: features, labels: data.labels, classes: data.classCount)
    }
    return Examples(features: features, targets: Tensor(targets.elements.map { Element($0) }, shape: targets.shape))
  }

  /// Lets the batches that `objective` is trained on be those of training: images of the training part changed as the data's
  /// augmentation says and units dropped out, by children of `key`. Whatever is computed over all examples sees them as
  /// they are, with all units. Minima, curves between them, and whatever else is trained by a recipe go through this.
  public func perturbBatches<Element: Scalar>(
    of objective: NetworkObjective<Element>, on data: SplitDataset, key: Key
  ) {
    objective.dropoutKey = key.child("dropout")
    let augmentation = self.data.augmentation.value
    guard !augmentation.isIdentity, let imageShape = data.train.imageShape else { return }
    let augmenter = Augmenter(augmentation, imageShape: imageShape, key: key)
    objective.batchFeatures = { augmenter.gather($0, epoch: $1, from: $2, into: $3) }
  }

  /// Why images can't be changed in this training, or `nil`.
  var augmentationConflict: String? {
    if data.augmentation.value.isIdentity { return nil }
    if batchSize == nil {
      return "data.augmentation changes the images of batches, and batch_size is null; choose a batch_size"
    }
    if optimizer.method == .svrg {
      return
        "data.augmentation changes the images of batches, and optimizer.method svrg corrects their gradients by that "
        + "over the images as they are; choose another method"
    }
    return nil
  }

  fileprivate func objective<Element: Scalar>(
    of network: Network, on examples: Examples<Element>, moments: BatchMoments<Element>
  ) -> NetworkObjective<Element> {
    NetworkObjective(
      network, loss: loss, labelSmoothing: labelSmoothing, examples: examples,
      penalty: penalty(of: network), moments: moments)
  }

  private func penalty(of network: Network) -> L2Penalty? {
    guard l2 > 0 else { return nil }
    let blocks = zip(network.parameters, network.layout.blocks)
    return L2Penalty(l2, ranges: blocks.filter { l2Range == .all || $0.0.isWeight }.map(\.1.range))
  }
}

/// The one definition of the loss and the error at a point that experiments share: means over both parts of a data set,
/// without the L2 term, and shares of wrong classes.
///
/// A network that normalizes over batches is judged by the moments that the batches of the training set give it at this very
/// point, on both parts, be it a minimum or a point of a path; see ``NetworkObjective/batchMoments(at:)``. That is not
/// what it descends: `training`, of which gradients and curvature are taken, has each batch's own moments in the function,
/// and the L2 term. Where both differ, files hold both, the second as the objective.
public final class SplitEvaluation<Element: Scalar> {
  /// The objective on the training set, with the moments of training's batches.
  public let training: NetworkObjective<Element>
  private let train: NetworkObjective<Element>
  private let test: NetworkObjective<Element>

  /// Prepares both parts.
  public convenience init(_ recipe: Recipe, of network: Network, on data: SplitDataset) {
    self.init(recipe, of: network, train: recipe.examples(of: data.train), test: recipe.examples(of: data.test))
  }

  /// Prepares both parts from examples that are in memory already; see ``Recipe/examples(of:as:)``.
  public init(_ recipe: Recipe, of network: Network, train: Examples<Element>, test: Examples<Element>) {
    training = recipe.objective(of: network, on: train)
    let given = BatchMoments<Element>.given([Element](repeating: 1, count: network.statisticsCount))
    self.train = network.statisticsCount > 0 ? recipe.objective(of: network, on: train, moments: given) : training
    self.test = recipe.objective(of: network, on: test, moments: given)
  }

  /// A sentence on what is normalized by what, for files.
  public var normalization: String {
    guard case .ofBatches(let size) = training.moments else { return "the network has no batch statistics" }
    return "losses and errors: by the moments that the training set's batches of \(size) give at the point; objective, "
      + "gradients and curvature: by each batch's own moments"
  }

  /// The evaluation on the test part alone. Cost: one pass over it, and for moments one over the training set.
  public func test(at point: [Element]) -> Evaluation {
    if training.couplesExamples { test.normalize(by: training.batchMoments(at: point)) }
    return test.evaluate(at: point)
  }

  /// The evaluations at a point. Cost: one pass over all examples, and for moments one more over the training set.
  public func callAsFunction(at point: [Element]) -> (train: Evaluation, test: Evaluation) {
    if training.couplesExamples {
      let moments = training.batchMoments(at: point)
      train.normalize(by: moments)
      test.normalize(by: moments)
    }
    return (train.evaluate(at: point), test.evaluate(at: point))
  }
}
