import Components
import Harness

/// The papers behind the experiment.
enum Literature {
  static let all = [
    keskar2017, dinh2017, li2018, foret2021, kwon2021, izmailov2018, chaudhari2017, petzka2021, jiang2020,
  ]

  static let keskar2017 = Reference(
    "keskar2017", kind: .inProceedings,
    authors: [
      "Keskar, Nitish Shirish", "Mudigere, Dheevatsa", "Nocedal, Jorge", "Smelyanskiy, Mikhail", "Tang, Ping Tak Peter",
    ], title: "On Large-Batch Training for Deep Learning: Generalization Gap and Sharp Minima", year: 2017,
    venue: "International Conference on Learning Representations", arXiv: "1609.04836")

  static let dinh2017 = Reference(
    "dinh2017", kind: .inProceedings,
    authors: ["Dinh, Laurent", "Pascanu, Razvan", "Bengio, Samy", "Bengio, Yoshua"],
    title: "Sharp Minima Can Generalize for Deep Nets", year: 2017,
    venue: "International Conference on Machine Learning", arXiv: "1703.04933")

  static let li2018 = Reference(
    "li2018", kind: .inProceedings,
    authors: ["Li, Hao", "Xu, Zheng", "Taylor, Gavin", "Studer, Christoph", "Goldstein, Tom"],
    title: "Visualizing the Loss Landscape of Neural Nets", year: 2018,
    venue: "Advances in Neural Information Processing Systems", arXiv: "1712.09913")

  static let foret2021 = Reference(
    "foret2021", kind: .inProceedings,
    authors: ["Foret, Pierre", "Kleiner, Ariel", "Mobahi, Hossein", "Neyshabur, Behnam"],
    title: "Sharpness-Aware Minimization for Efficiently Improving Generalization", year: 2021,
    venue: "International Conference on Learning Representations", arXiv: "2010.01412")

  static let kwon2021 = Reference(
    "kwon2021", kind: .inProceedings,
    authors: ["Kwon, Jungmin", "Kim, Jeongseop", "Park, Hyunseo", "Choi, In Kwon"],
    title: "ASAM: Adaptive Sharpness-Aware Minimization for Scale-Invariant Learning of Deep Neural Networks",
    year: 2021, venue: "International Conference on Machine Learning", arXiv: "2102.11600")

  static let izmailov2018 = Reference(
    "izmailov2018", kind: .inProceedings,
    authors: [
      "Izmailov, Pavel", "Podoprikhin, Dmitrii", "Garipov, Timur", "Vetrov, Dmitry", "Wilson, Andrew Gordon",
    ], title: "Averaging Weights Leads to Wider Optima and Better Generalization", year: 2018,
    venue: "Uncertainty in Artificial Intelligence", arXiv: "1803.05407")

  static let chaudhari2017 = Reference(
    "chaudhari2017", kind: .inProceedings,
    authors: [
      "Chaudhari, Pratik", "Choromanska, Anna", "Soatto, Stefano", "LeCun, Yann", "Baldassi, Carlo", "Borgs, Christian",
      "Chayes, Jennifer", "Sagun, Levent", "Zecchina, Riccardo",
    ], title: "Entropy-SGD: Biasing Gradient Descent Into Wide Valleys", year: 2017,
    venue: "International Conference on Learning Representations", arXiv: "1611.01838")

  static let petzka2021 = Reference(
    "petzka2021", kind: .inProceedings,
    authors: ["Petzka, Henning", "Kamp, Michael", "Adilova, Linara", "Sminchisescu, Cristian", "Boley, Mario"],
    title: "Relative Flatness and Generalization", year: 2021,
    venue: "Advances in Neural Information Processing Systems", arXiv: "2001.00939")

  static let jiang2020 = Reference(
    "jiang2020", kind: .inProceedings,
    authors: ["Jiang, Yiding", "Neyshabur, Behnam", "Mobahi, Hossein", "Krishnan, Dilip", "Bengio, Samy"],
    title: "Fantastic Generalization Measures and Where to Find Them", year: 2020,
    venue: "International Conference on Learning Representations", arXiv: "1912.02178")
}
