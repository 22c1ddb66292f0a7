import Components

// Sources of first-order methods.

extension Reference {
  static let robbins1951 = Reference(
    "robbins1951", kind: .article, authors: ["Robbins, Herbert", "Monro, Sutton"],
    title: "A Stochastic Approximation Method", year: 1951,
    venue: "The Annals of Mathematical Statistics",
    doi: "10.1214/aoms/1177729586")
  static let polyak1964 = Reference(
    "polyak1964", kind: .article, authors: ["Polyak, Boris T."],
    title: "Some methods of speeding up the convergence of iteration methods", year: 1964,
    venue: "USSR Computational Mathematics and Mathematical Physics",
    doi: "10.1016/0041-5553(64)90137-5")
  static let polyak1969 = Reference(
    "polyak1969", kind: .article, authors: ["Polyak, Boris T."],
    title: "Minimization of unsmooth functionals", year: 1969,
    venue: "USSR Computational Mathematics and Mathematical Physics",
    doi: "10.1016/0041-5553(69)90061-5")
  static let nesterov1983 = Reference(
    "nesterov1983", kind: .article, authors: ["Nesterov, Yurii"],
    title: "A method for solving the convex programming problem with convergence rate O(1/k^2)", year: 1983,
    venue: "Soviet Mathematics Doklady")
  static let su2016 = Reference(
    "su2016", kind: .article, authors: ["Su, Weijie", "Boyd, Stephen", "Candès, Emmanuel J."],
    title: "A Differential Equation for Modeling Nesterov's Accelerated Gradient Method: Theory and Insights",
    year: 2016,
    venue: "Journal of Machine Learning Research",
    arXiv: "1503.01243")
  static let sutskever2013 = Reference(
    "sutskever2013", kind: .inProceedings,
    authors: ["Sutskever, Ilya", "Martens, James", "Dahl, George", "Hinton, Geoffrey"],
    title: "On the importance of initialization and momentum in deep learning", year: 2013,
    venue: "International Conference on Machine Learning",
    url: "https://proceedings.mlr.press/v28/sutskever13.html")
  static let duchi2011 = Reference(
    "duchi2011", kind: .article, authors: ["Duchi, John", "Hazan, Elad", "Singer, Yoram"],
    title: "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", year: 2011,
    venue: "Journal of Machine Learning Research",
    url: "https://jmlr.org/papers/v12/duchi11a.html")
  static let tieleman2012 = Reference(
    "tieleman2012", kind: .misc, authors: ["Tieleman, Tijmen", "Hinton, Geoffrey"],
    title: "Lecture 6.5: rmsprop, divide the gradient by a running average of its recent magnitude", year: 2012,
    venue: "Coursera: Neural Networks for Machine Learning")
  static let graves2013 = Reference(
    "graves2013", kind: .misc, authors: ["Graves, Alex"],
    title: "Generating Sequences With Recurrent Neural Networks", year: 2013,
    arXiv: "1308.0850")
  static let zeiler2012 = Reference(
    "zeiler2012", kind: .misc, authors: ["Zeiler, Matthew D."],
    title: "ADADELTA: An Adaptive Learning Rate Method", year: 2012,
    arXiv: "1212.5701")
  static let kingma2015 = Reference(
    "kingma2015", kind: .inProceedings, authors: ["Kingma, Diederik P.", "Ba, Jimmy"],
    title: "Adam: A Method for Stochastic Optimization", year: 2015,
    venue: "International Conference on Learning Representations",
    arXiv: "1412.6980")
  static let reddi2018 = Reference(
    "reddi2018", kind: .inProceedings, authors: ["Reddi, Sashank J.", "Kale, Satyen", "Kumar, Sanjiv"],
    title: "On the Convergence of Adam and Beyond", year: 2018,
    venue: "International Conference on Learning Representations",
    arXiv: "1904.09237")
  static let loshchilov2017 = Reference(
    "loshchilov2017", kind: .inProceedings, authors: ["Loshchilov, Ilya", "Hutter, Frank"],
    title: "SGDR: Stochastic Gradient Descent with Warm Restarts", year: 2017,
    venue: "International Conference on Learning Representations",
    arXiv: "1608.03983")
  static let loshchilov2019 = Reference(
    "loshchilov2019", kind: .inProceedings, authors: ["Loshchilov, Ilya", "Hutter, Frank"],
    title: "Decoupled Weight Decay Regularization", year: 2019,
    venue: "International Conference on Learning Representations",
    arXiv: "1711.05101")
  static let dozat2016 = Reference(
    "dozat2016", kind: .misc, authors: ["Dozat, Timothy"],
    title: "Incorporating Nesterov Momentum into Adam", year: 2016,
    venue: "Workshop of the International Conference on Learning Representations")
  static let you2017 = Reference(
    "you2017", kind: .misc, authors: ["You, Yang", "Gitman, Igor", "Ginsburg, Boris"],
    title: "Large Batch Training of Convolutional Networks", year: 2017,
    arXiv: "1708.03888")
  static let you2020 = Reference(
    "you2020", kind: .inProceedings,
    authors: [
      "You, Yang", "Li, Jing", "Reddi, Sashank", "Hseu, Jonathan", "Kumar, Sanjiv", "Bhojanapalli, Srinadh",
      "Song, Xiaodan", "Demmel, James", "Keutzer, Kurt", "Hsieh, Cho-Jui",
    ],
    title: "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes", year: 2020,
    venue: "International Conference on Learning Representations",
    arXiv: "1904.00962")
}
