/// A publication, data set or program that something goes back to.
public struct Reference: Hashable, Encodable, Sendable {
  /// BibTeX's entry types, as far as they are needed.
  public enum Kind: String, Encodable, Sendable {
    /// A paper in a journal.
    case article
    /// A paper at a conference.
    case inProceedings = "inproceedings"
    /// A book.
    case book
    /// Anything else: preprints, data, programs.
    case misc
  }

  /// The BibTeX key, such as "garipov2018".
  public let key: String
  /// What it is.
  public let kind: Kind
  /// The authors, each "Family, Given".
  public let authors: [String]
  /// The title.
  public let title: String
  /// The year.
  public let year: Int
  /// The journal, the proceedings or the publisher.
  public let venue: String?
  /// The number on arXiv, such as "1802.10026".
  public let arXiv: String?
  /// The DOI.
  public let doi: String?
  /// Where else to find it.
  public let url: String?

  /// A reference.
  public init(
    _ key: String, kind: Kind = .misc, authors: [String], title: String, year: Int, venue: String? = nil,
    arXiv: String? = nil, doi: String? = nil, url: String? = nil
  ) {
    self.key = key
    self.kind = kind
    self.authors = authors
    self.title = title
    self.year = year
    self.venue = venue
    self.arXiv = arXiv
    self.doi = doi
    self.url = url
  }

  /// The entry for a bibliography.
  public var bibTeX: String {
    var fields = [("author", authors.joined(separator: " and ")), ("title", "{\(title)}"), ("year", String(year))]
    if let venue {
      switch kind {
      case .article: fields.append(("journal", venue))
      case .inProceedings: fields.append(("booktitle", venue))
      case .book: fields.append(("publisher", venue))
      case .misc: fields.append(("howpublished", venue))
      }
    }
    if let arXiv { fields += [("eprint", arXiv), ("archiveprefix", "arXiv")] }
    if let doi { fields.append(("doi", doi)) }
    if let url { fields.append(("url", url)) }
    return "@\(kind.rawValue){\(key),\n" + fields.map { "  \($0.0) = {\($0.1)},\n" }.joined() + "}\n"
  }

  /// "Garipov et al. 2018".
  public var short: String {
    let families = authors.map { $0.split(separator: ",").first.map(String.init) ?? $0 }
    switch families.count {
    case 0: return "\(title) \(year)"
    case 1: return "\(families[0]) \(year)"
    case 2: return "\(families[0]) and \(families[1]) \(year)"
    default: return "\(families[0]) et al. \(year)"
    }
  }

  /// The shortest form by which it can be found: DOI, arXiv number, address, or title.
  public var identifier: String { doi.map { "doi:\($0)" } ?? arXiv.map { "arXiv:\($0)" } ?? url ?? title }

  /// A line for lists: the short form, the title, and where to find it unless that is the title again.
  public var listing: String {
    identifier == title ? "\(short): \(title)" : "\(short): \(title) (\(identifier))"
  }
}
