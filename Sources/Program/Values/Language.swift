/// The languages in which everything shown to a person exists; Dutch where nothing else is asked for.
public enum Language: String, CaseIterable, Sendable {
  case dutch = "nl"
  case english = "en"

  /// The best of ours for an `Accept-Language` header (RFC 9110 §12.5.4), Dutch when none fits.
  public init(acceptLanguage header: String?) {
    self = header.map(Self.preferred) ?? .dutch
  }

  private static func preferred(by header: String) -> Language {
    var best: (language: Language, weight: Double)?
    for range in header.split(separator: ",") {
      let parts = range.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
      guard let tag = parts.first?.split(separator: "-").first,
        let language = tag == "*" ? .dutch : Language(rawValue: String(tag))
      else { continue }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
      if weight > 0, weight > best?.weight ?? 0 { best = (language, weight) }
    }
    return best?.language ?? .dutch
  }

  /// The wording in this language.
  public func callAsFunction(dutch: @autoclosure () -> String, english: @autoclosure () -> String) -> String {
    switch self {
    case .dutch: dutch()
    case .english: english()
    }
  }
}
