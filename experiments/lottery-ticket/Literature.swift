internal import Components

/// The papers behind the experiment.
enum Literature {
  static let frankle2019 = Reference(
    "frankle2019", kind: .inProceedings, authors: ["Frankle, Jonathan", "Carbin, Michael"],
    title: "The Lottery Ticket Hypothesis: Finding Sparse, Trainable Neural Networks", year: 2019,
    venue: "International Conference on Learning Representations", arXiv: "1803.03635")

  static let frankle2020 = Reference(
    "frankle2020", kind: .inProceedings,
    authors: ["Frankle, Jonathan", "Dziugaite, Gintare Karolina", "Roy, Daniel M.", "Carbin, Michael"],
    title: "Linear Mode Connectivity and the Lottery Ticket Hypothesis", year: 2020,
    venue: "International Conference on Machine Learning", arXiv: "1912.05671")

  static let renda2020 = Reference(
    "renda2020", kind: .inProceedings, authors: ["Renda, Alex", "Frankle, Jonathan", "Carbin, Michael"],
    title: "Comparing Rewinding and Fine-tuning in Neural Network Pruning", year: 2020,
    venue: "International Conference on Learning Representations", arXiv: "2003.02389")

  static let lee2019 = Reference(
    "lee2019snip", kind: .inProceedings,
    authors: ["Lee, Namhoon", "Ajanthan, Thalaiyasingam", "Torr, Philip H. S."],
    title: "SNIP: Single-shot Network Pruning based on Connection Sensitivity", year: 2019,
    venue: "International Conference on Learning Representations", arXiv: "1810.02340")

  static let wang2020 = Reference(
    "wang2020grasp", kind: .inProceedings, authors: ["Wang, Chaoqi", "Zhang, Guodong", "Grosse, Roger"],
    title: "Picking Winning Tickets Before Training by Preserving Gradient Flow", year: 2020,
    venue: "International Conference on Learning Representations", arXiv: "2002.07376")

  static let tanaka2020 = Reference(
    "tanaka2020", kind: .inProceedings,
    authors: ["Tanaka, Hidenori", "Kunin, Daniel", "Yamins, Daniel L. K.", "Ganguli, Surya"],
    title: "Pruning neural networks without any data by iteratively conserving synaptic flow", year: 2020,
    venue: "Advances in Neural Information Processing Systems", arXiv: "2006.05467")

  static let all = [frankle2019, frankle2020, renda2020, lee2019, wang2020, tanaka2020]
}
