import Components
import Harness

/// The papers behind the experiment.
enum Literature {
  static let garipov2018 = Reference(
    "garipov2018", kind: .inProceedings,
    authors: [
      "Garipov, Timur", "Izmailov, Pavel", "Podoprikhin, Dmitrii", "Vetrov, Dmitry", "Wilson, Andrew Gordon",
    ], title: "Loss Surfaces, Mode Connectivity, and Fast Ensembling of DNNs", year: 2018,
    venue: "Advances in Neural Information Processing Systems", arXiv: "1802.10026")

  static let draxler2018 = Reference(
    "draxler2018", kind: .inProceedings,
    authors: ["Draxler, Felix", "Veschgini, Kambis", "Salmhofer, Manfred", "Hamprecht, Fred A."],
    title: "Essentially No Barriers in Neural Network Energy Landscape", year: 2018,
    venue: "International Conference on Machine Learning", arXiv: "1803.00885")

  static let goodfellow2015 = Reference(
    "goodfellow2015", kind: .inProceedings, authors: ["Goodfellow, Ian J.", "Vinyals, Oriol", "Saxe, Andrew M."],
    title: "Qualitatively Characterizing Neural Network Optimization Problems", year: 2015,
    venue: "International Conference on Learning Representations", arXiv: "1412.6544")

  static let freeman2017 = Reference(
    "freeman2017", kind: .inProceedings, authors: ["Freeman, C. Daniel", "Bruna, Joan"],
    title: "Topology and Geometry of Half-Rectified Network Optimization", year: 2017,
    venue: "International Conference on Learning Representations", arXiv: "1611.01540")

  static let frankle2020 = Reference(
    "frankle2020", kind: .inProceedings,
    authors: ["Frankle, Jonathan", "Dziugaite, Gintare Karolina", "Roy, Daniel M.", "Carbin, Michael"],
    title: "Linear Mode Connectivity and the Lottery Ticket Hypothesis", year: 2020,
    venue: "International Conference on Machine Learning", arXiv: "1912.05671")

  static let entezari2022 = Reference(
    "entezari2022", kind: .inProceedings,
    authors: ["Entezari, Rahim", "Sedghi, Hanie", "Saukh, Olga", "Neyshabur, Behnam"],
    title: "The Role of Permutation Invariance in Linear Mode Connectivity of Neural Networks", year: 2022,
    venue: "International Conference on Learning Representations", arXiv: "2110.06296")

  static let ainsworth2023 = Reference(
    "ainsworth2023", kind: .inProceedings,
    authors: ["Ainsworth, Samuel K.", "Hayase, Jonathan", "Srinivasa, Siddhartha"],
    title: "Git Re-Basin: Merging Models modulo Permutation Symmetries", year: 2023,
    venue: "International Conference on Learning Representations", arXiv: "2209.04836")

  static let jordan2023 = Reference(
    "jordan2023", kind: .inProceedings,
    authors: ["Jordan, Keller", "Sedghi, Hanie", "Saukh, Olga", "Entezari, Rahim", "Neyshabur, Behnam"],
    title: "REPAIR: REnormalizing Permuted Activations for Interpolation Repair", year: 2023,
    venue: "International Conference on Learning Representations", arXiv: "2211.08403")
}
