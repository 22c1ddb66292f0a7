extension IDXDataset {
  /// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017).
  public static let fashionMNIST = IDXDataset(
    name: "fashion-mnist", classCount: 10,
    howToGet: "on Debian and Ubuntu \"sudo apt-get install dataset-fashion-mnist\" brings it; elsewhere put the four "
      + "files from github.com/zalandoresearch/fashion-mnist into a folder fashion-mnist and name its parent in LANDSCAPE_DATA",
    provenance: Provenance(
      title: "Fashion-MNIST",
      citation: """
        @article{xiao2017fashion,
          author = {Xiao, Han and Rasul, Kashif and Vollgraf, Roland},
          title = {Fashion-{MNIST}: a Novel Image Dataset for Benchmarking Machine Learning Algorithms},
          journal = {arXiv preprint arXiv:1708.07747},
          year = {2017}
        }
        """,
      licence: "MIT, Zalando SE",
      checksums: [
        "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
      ]))

  /// MNIST (LeCun, Bottou, Bengio, Haffner 1998).
  public static let mnist = IDXDataset(
    name: "mnist", classCount: 10,
    howToGet:
      "put its four IDX files, plain or gzipped, into a folder mnist and name that folder's parent in LANDSCAPE_DATA",
    provenance: Provenance(
      title: "The MNIST database of handwritten digits",
      citation: """
        @article{lecun1998gradient,
          author = {LeCun, Yann and Bottou, L\\'eon and Bengio, Yoshua and Haffner, Patrick},
          title = {Gradient-Based Learning Applied to Document Recognition},
          journal = {Proceedings of the IEEE},
          volume = {86},
          number = {11},
          pages = {2278--2324},
          year = {1998}
        }
        """,
      licence: "CC BY-SA 3.0",
      checksums: [
        "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
      ]))
}
