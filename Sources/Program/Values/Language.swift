/// The languages in which everything shown to a person exists; Dutch where nothing else is asked for.
public enum Language: String, CaseIterable, Sendable {
  case dutch = "nl"
  case english = "en"

  /// The best of ours for an `Accept-Language` header (RFC 9110 §12.5.4), Dutch when none fits.
  public init(acceptLanguage header: String?) {
    self = header.map(Self.preferred) ?? .dutch
  }

  private static func preferred(by header: String) -> Language {
    let ranges = header.split(separator: ",").map(Range.init)
    var best: (language: Language, range: Range, place: Int)?
    for language in allCases {
      // What names the language decides; the wildcard only where nothing does.
      let place = ranges.firstIndex { $0.tag == language.rawValue } ?? ranges.firstIndex { $0.tag == "*" }
      guard let place, ranges[place].weight > 0 else { continue }
      if let best, (best.range.weight, -best.place) >= (ranges[place].weight, -place) { continue }
      best = (language, ranges[place], place)
    }
    return best?.language ?? .dutch
  }

  /// One part of the header: a language without its region, and how much it is wanted.
  private struct Range {
    let tag: String
    let weight: Double

    init(_ text: Substring) {
      let parts = text.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
      tag = parts.first?.split(separator: "-").first.map(String.init) ?? ""
      weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
    }
  }

  /// The wording in this language.
  public func callAsFunction(dutch: @autoclosure () -> String, english: @autoclosure () -> String) -> String {
    switch self {
    case .dutch: dutch()
    case .english: english()
    }
  }
}
