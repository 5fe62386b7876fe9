/// Which of the forms that a resource has the client wants most (RFC 9110 §12.5.1).
struct Negotiation {
  private let ranges: [(type: Substring, weight: Double)]

  /// - Parameter accept: the header; nil means that anything will do.
  init(_ accept: String?) {
    ranges = (accept ?? "*/*").split(separator: ",").map { range in
      let parts = range.split(separator: ";")
      let type = parts.first.map { $0.drop { $0 == " " }.prefix { $0 != " " } } ?? ""
      let weight = parts.dropFirst().compactMap(Self.weight).first ?? 1
      return (type, weight)
    }
  }

  /// The form with the greatest weight, the first of equals; nil when none is acceptable.
  /// - Parameter type: the media type of a form, without parameters.
  func choose<Form>(from forms: [Form], type: (Form) -> String) -> Form? {
    var best: (form: Form, weight: Double)?
    for form in forms {
      let weight = weight(of: type(form))
      if weight > best?.weight ?? 0 { best = (form, weight) }
    }
    return best?.form
  }

  /// The most specific range that fits decides.
  private func weight(of type: String) -> Double {
    let family = type.prefix { $0 != "/" } + "/*"
    for pattern in [Substring(type), family, "*/*"] {
      if let range = ranges.first(where: { $0.type.lowercased() == pattern }) { return range.weight }
    }
    return 0
  }

  private static func weight(_ parameter: Substring) -> Double? {
    let halves = parameter.split(separator: "=", maxSplits: 1)
    guard halves.count == 2, halves[0].drop(while: { $0 == " " }) == "q" else { return nil }
    return Double(halves[1].prefix { $0 != " " }) ?? 0
  }
}
