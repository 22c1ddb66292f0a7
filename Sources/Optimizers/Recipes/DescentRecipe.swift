public import Tensors

/// A method of descent to be made: an optimizer, a method that asks for more than gradients, or a composition.
public indirect enum DescentRecipe: Hashable, Codable, Sendable {
  /// An optimizer by itself.
  case optimizer(OptimizerRecipe)
  /// `SharpnessAware`: SAM, or with a stabilizer ASAM.
  case sharpnessAware(OptimizerRecipe, radius: Double = 0.05, stabilizer: Double? = nil)
  /// `VarianceReduced`: SVRG.
  case varianceReduced(OptimizerRecipe, interval: Int = 100)
  /// `KFAC`.
  case kfac(KroneckerConstants = .init())
  /// `AveragedWeights`: SWA, EMA.
  case averaged(DescentRecipe, WeightAveraging)
  /// `GradientFlow`.
  case gradientFlow
  /// `PolyakStep`.
  case polyak(target: Double = 0)
  /// `BarzilaiBorwein`.
  case barzilaiBorwein(isShort: Bool = false)
  /// `LineSearchDescent`.
  case lineSearch(LineSearch = .armijo())
  /// `LBFGS`.
  case lBFGS(history: Int = 10, search: LineSearch = .strongWolfe())
  /// `Newton`.
  case newton(damping: Double = 0, isSaddleFree: Bool = false)
  /// `HessianFree`.
  case hessianFree(HessianFreeConstants = .init())

  /// A fresh method for `dimension` parameters; `blocks` and `key` as for `OptimizerRecipe`.
  public func make<Element: Scalar>(
    dimension: Int, blocks: [Range<Int>]? = nil, key: Key = Key(seed: 0), as type: Element.Type = Element.self
  ) -> any DescentMethod<Element> {
    func base(_ recipe: OptimizerRecipe) -> any Optimizer<Element> {
      recipe.make(dimension: dimension, blocks: blocks, key: key)
    }
    func sharpnessAware<B: Optimizer<Element>>(_ base: B, _ radius: Double, _ stabilizer: Double?)
      -> any DescentMethod<Element>
    { SharpnessAware(base, radius: radius, stabilizer: stabilizer) }
    func varianceReduced<B: Optimizer<Element>>(_ base: B, _ interval: Int) -> any DescentMethod<Element> {
      VarianceReduced(base, interval: interval)
    }
    func averaged<B: DescentMethod<Element>>(_ base: B, _ rule: WeightAveraging) -> any DescentMethod<Element> {
      AveragedWeights(base, rule: rule)
    }
    switch self {
    case .optimizer(let recipe): return base(recipe)
    case .sharpnessAware(let recipe, let radius, let stabilizer):
      return sharpnessAware(base(recipe), radius, stabilizer)
    case .varianceReduced(let recipe, let interval): return varianceReduced(base(recipe), interval)
    case .kfac(let constants):
      return KFAC<Element>(dimension: dimension, constants: constants, key: key.child("labels"))
    case .averaged(let recipe, let rule):
      return averaged(recipe.make(dimension: dimension, blocks: blocks, key: key, as: Element.self), rule)
    case .gradientFlow: return GradientFlow<Element>(dimension: dimension)
    case .polyak(let target): return PolyakStep<Element>(dimension: dimension, target: target)
    case .barzilaiBorwein(let isShort): return BarzilaiBorwein<Element>(dimension: dimension, isShort: isShort)
    case .lineSearch(let search): return LineSearchDescent<Element>(dimension: dimension, search: search)
    case .lBFGS(let history, let search):
      return LBFGS<Element>(dimension: dimension, history: history, search: search)
    case .newton(let damping, let isSaddleFree):
      return Newton<Element>(dimension: dimension, damping: damping, isSaddleFree: isSaddleFree)
    case .hessianFree(let constants):
      return HessianFree<Element>(dimension: dimension, constants: constants, key: key.child("curvature"))
    }
  }
}
