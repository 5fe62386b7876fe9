/// A page as a reader of it finds it: enough of HTML to read tables back.
struct PageText {
  struct Cell {
    let text: String
    /// The machine-readable date in it.
    let dateTime: String?
    /// What the other formats have in its place.
    let value: String?
  }

  let markup: String

  init(_ markup: String) { self.markup = markup }

  /// The cells of each row of the table of a class.
  func rows(ofTable name: String) -> [[Cell]] {
    guard let table = markup.between("<table class=\"\(name)\"", "</table>").first else { return [] }
    return table.between("<tr", "</tr>").map { row in
      var cells: [(Substring.Index, Cell)] = []
      for tag in ["th", "td"] {
        for cell in row.between("<\(tag)", "</\(tag)>") where cell.first == ">" || cell.first == " " {
          let inner = cell.drop { $0 != ">" }.dropFirst()
          let date = inner.between("datetime=\"", "\"").first.map(String.init)
          let value = inner.between("<data value=\"", "\"").first.map(String.init)
          cells.append((cell.startIndex, Cell(text: Self.text(of: inner), dateTime: date, value: value ?? date)))
        }
      }
      return cells.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// Without tags, entities resolved.
  private static func text(of markup: Substring) -> String {
    var text = ""
    var isTag = false
    for character in markup {
      if character == "<" {
        isTag = true
      } else if character == ">", isTag {
        isTag = false
      } else if !isTag {
        text.append(character)
      }
    }
    for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
      text = text.split(separator: entity, omittingEmptySubsequences: false).joined(separator: character)
    }
    return text
  }
}

extension StringProtocol where SubSequence == Substring {
  /// What stands between each `start` and the next `end`.
  func between(_ start: String, _ end: String) -> [Substring] {
    var found: [Substring] = []
    var rest = self[...]
    while let opening = rest.firstRange(of: start), let closing = rest[opening.upperBound...].firstRange(of: end) {
      found.append(rest[opening.upperBound..<closing.lowerBound])
      rest = rest[closing.upperBound...]
    }
    return found
  }
}
