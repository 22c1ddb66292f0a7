internal import Components

extension Reference {
  static let crammer2001 = Reference(
    "crammer2001", kind: .article, authors: ["Crammer, Koby", "Singer, Yoram"],
    title: "On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines", year: 2001,
    venue: "Journal of Machine Learning Research")
  static let szegedy2016 = Reference(
    "szegedy2016", kind: .inProceedings,
    authors: ["Szegedy, Christian", "Vanhoucke, Vincent", "Ioffe, Sergey", "Shlens, Jonathon", "Wojna, Zbigniew"],
    title: "Rethinking the Inception Architecture for Computer Vision", year: 2016, venue: "CVPR", arXiv: "1512.00567")
  static let hendrycks2016 = Reference(
    "hendrycks2016", authors: ["Hendrycks, Dan", "Gimpel, Kevin"], title: "Gaussian Error Linear Units (GELUs)",
    year: 2016, arXiv: "1606.08415")
  static let he2015 = Reference(
    "he2015", kind: .inProceedings, authors: ["He, Kaiming", "Zhang, Xiangyu", "Ren, Shaoqing", "Sun, Jian"],
    title: "Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet Classification", year: 2015,
    venue: "ICCV", arXiv: "1502.01852")
  static let he2016 = Reference(
    "he2016", kind: .inProceedings, authors: ["He, Kaiming", "Zhang, Xiangyu", "Ren, Shaoqing", "Sun, Jian"],
    title: "Deep Residual Learning for Image Recognition", year: 2016, venue: "CVPR", arXiv: "1512.03385")
  static let lecun1998 = Reference(
    "lecun1998", kind: .article, authors: ["LeCun, Yann", "Bottou, Léon", "Bengio, Yoshua", "Haffner, Patrick"],
    title: "Gradient-Based Learning Applied to Document Recognition", year: 1998, venue: "Proceedings of the IEEE",
    doi: "10.1109/5.726791")
  static let lecun1998efficient = Reference(
    "lecun1998efficient", kind: .inProceedings,
    authors: ["LeCun, Yann", "Bottou, Léon", "Orr, Genevieve B.", "Müller, Klaus-Robert"], title: "Efficient BackProp",
    year: 1998, venue: "Neural Networks: Tricks of the Trade", doi: "10.1007/3-540-49430-8_2")
  static let glorot2010 = Reference(
    "glorot2010", kind: .inProceedings, authors: ["Glorot, Xavier", "Bengio, Yoshua"],
    title: "Understanding the difficulty of training deep feedforward neural networks", year: 2010, venue: "AISTATS")
  static let poole2016 = Reference(
    "poole2016", kind: .inProceedings,
    authors: ["Poole, Ben", "Lahiri, Subhaneil", "Raghu, Maithra", "Sohl-Dickstein, Jascha", "Ganguli, Surya"],
    title: "Exponential expressivity in deep neural networks through transient chaos", year: 2016, venue: "NeurIPS",
    arXiv: "1606.05340")
  static let schoenholz2017 = Reference(
    "schoenholz2017", kind: .inProceedings,
    authors: ["Schoenholz, Samuel S.", "Gilmer, Justin", "Ganguli, Surya", "Sohl-Dickstein, Jascha"],
    title: "Deep Information Propagation", year: 2017, venue: "ICLR", arXiv: "1611.01232")
  static let saxe2014 = Reference(
    "saxe2014", kind: .inProceedings, authors: ["Saxe, Andrew M.", "McClelland, James L.", "Ganguli, Surya"],
    title: "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", year: 2014,
    venue: "ICLR", arXiv: "1312.6120")
  static let xiao2018 = Reference(
    "xiao2018", kind: .inProceedings,
    authors: [
      "Xiao, Lechao", "Bahri, Yasaman", "Sohl-Dickstein, Jascha", "Schoenholz, Samuel S.", "Pennington, Jeffrey",
    ],
    title: "Dynamical Isometry and a Mean Field Theory of CNNs: How to Train 10,000-Layer Vanilla Convolutional "
      + "Neural Networks", year: 2018, venue: "ICML", arXiv: "1806.05393")
  static let martens2010 = Reference(
    "martens2010", kind: .inProceedings, authors: ["Martens, James"],
    title: "Deep learning via Hessian-free optimization", year: 2010,
    venue: "International Conference on Machine Learning")
  static let mishkin2016 = Reference(
    "mishkin2016", kind: .inProceedings, authors: ["Mishkin, Dmytro", "Matas, Jiri"],
    title: "All you need is a good init",
    year: 2016, venue: "ICLR", arXiv: "1511.06422")
  static let zhang2019 = Reference(
    "zhang2019", kind: .inProceedings, authors: ["Zhang, Hongyi", "Dauphin, Yann N.", "Ma, Tengyu"],
    title: "Fixup Initialization: Residual Learning Without Normalization", year: 2019, venue: "ICLR",
    arXiv: "1901.09321")
  static let dauphin2019 = Reference(
    "dauphin2019", kind: .inProceedings, authors: ["Dauphin, Yann N.", "Schoenholz, Samuel"],
    title: "MetaInit: Initializing learning by learning to initialize", year: 2019, venue: "NeurIPS")
  static let ioffe2015 = Reference(
    "ioffe2015", kind: .inProceedings, authors: ["Ioffe, Sergey", "Szegedy, Christian"],
    title: "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift", year: 2015,
    venue: "ICML", arXiv: "1502.03167")
  static let ba2016 = Reference(
    "ba2016", authors: ["Ba, Jimmy Lei", "Kiros, Jamie Ryan", "Hinton, Geoffrey E."], title: "Layer Normalization",
    year: 2016, arXiv: "1607.06450")
  static let wu2018 = Reference(
    "wu2018", kind: .inProceedings, authors: ["Wu, Yuxin", "He, Kaiming"], title: "Group Normalization", year: 2018,
    venue: "ECCV", arXiv: "1803.08494")
  static let ulyanov2016 = Reference(
    "ulyanov2016", authors: ["Ulyanov, Dmitry", "Vedaldi, Andrea", "Lempitsky, Victor"],
    title: "Instance Normalization: The Missing Ingredient for Fast Stylization", year: 2016, arXiv: "1607.08022")
  static let luo2019 = Reference(
    "luo2019", kind: .inProceedings,
    authors: ["Luo, Ping", "Ren, Jiamin", "Peng, Zhanglin", "Zhang, Ruimao", "Li, Jingyu"],
    title: "Differentiable Learning-to-Normalize via Switchable Normalization", year: 2019, venue: "ICLR",
    arXiv: "1806.10779")
  static let salimans2016 = Reference(
    "salimans2016", kind: .inProceedings, authors: ["Salimans, Tim", "Kingma, Diederik P."],
    title: "Weight Normalization: A Simple Reparameterization to Accelerate Training of Deep Neural Networks",
    year: 2016, venue: "NeurIPS", arXiv: "1602.07868")
  static let miyato2018 = Reference(
    "miyato2018", kind: .inProceedings,
    authors: ["Miyato, Takeru", "Kataoka, Toshiki", "Koyama, Masanori", "Yoshida, Yuichi"],
    title: "Spectral Normalization for Generative Adversarial Networks", year: 2018, venue: "ICLR", arXiv: "1802.05957")
  static let srivastava2014 = Reference(
    "srivastava2014", kind: .article,
    authors: [
      "Srivastava, Nitish", "Hinton, Geoffrey", "Krizhevsky, Alex", "Sutskever, Ilya", "Salakhutdinov, Ruslan",
    ],
    title: "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", year: 2014,
    venue: "Journal of Machine Learning Research")
  static let elman1990 = Reference(
    "elman1990", kind: .article, authors: ["Elman, Jeffrey L."], title: "Finding Structure in Time", year: 1990,
    venue: "Cognitive Science", doi: "10.1207/s15516709cog1402_1")
  static let frankle2019 = Reference(
    "frankle2019", kind: .inProceedings, authors: ["Frankle, Jonathan", "Carbin, Michael"],
    title: "The Lottery Ticket Hypothesis: Finding Sparse, Trainable Neural Networks", year: 2019, venue: "ICLR",
    arXiv: "1803.03635")
  static let simonyan2015 = Reference(
    "simonyan2015", kind: .inProceedings, authors: ["Simonyan, Karen", "Zisserman, Andrew"],
    title: "Very Deep Convolutional Networks for Large-Scale Image Recognition", year: 2015, venue: "ICLR",
    arXiv: "1409.1556")
  static let hinton2006 = Reference(
    "hinton2006", kind: .article, authors: ["Hinton, Geoffrey E.", "Salakhutdinov, Ruslan R."],
    title: "Reducing the Dimensionality of Data with Neural Networks", year: 2006, venue: "Science",
    doi: "10.1126/science.1127647")
}
