import Program

/// How numbers and days are written for people.
struct Wording: Sendable {
  let language: Language

  init(_ language: Language) { self.language = language }

  private static let dutchMonths = [
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
  ]
  private static let englishMonths = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
  private static let dutchShort = [
    "jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec",
  ]
  private static let englishShort = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// 1 augustus 2023
  func date(_ date: CivilDate) -> String {
    let (year, month, day) = date.components
    return "\(day) \((language == .dutch ? Self.dutchMonths : Self.englishMonths)[month - 1]) \(year)"
  }

  /// 1 aug 2023
  func shortDate(_ date: CivilDate) -> String {
    let (year, month, day) = date.components
    return "\(day) \((language == .dutch ? Self.dutchShort : Self.englishShort)[month - 1]) \(year)"
  }

  /// 12.345, with a real minus sign.
  func number(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += language(dutch: ".", english: ",") }
      text.append(digit)
    }
    return number < 0 ? "\u{2212}" + text : text
  }

  /// A number with a point, as the database gives it, with so many decimals: 1.234,5. What it has more is cut off.
  func decimal(_ text: String, _ places: Int) -> String {
    let halves = text.split(separator: ".", maxSplits: 1)
    guard let whole = halves.first.flatMap({ Int($0) }) else { return text }
    let sign = whole == 0 && text.hasPrefix("-") ? "\u{2212}" : ""
    guard places > 0 else { return sign + number(whole) }
    let given = halves.count == 2 ? String(halves[1].prefix(places)) : ""
    let decimals = given + String(repeating: "0", count: places - given.count)
    return sign + number(whole) + language(dutch: ",", english: ".") + decimals
  }

  /// A share with four decimals, as the database gives it (`0.5789`), as a percentage: 57,89%. All decimals are kept: to
  /// round what was rounded before would be wrong now and then.
  func percentage(_ share: String?) -> String {
    guard let share, let point = share.firstIndex(of: "."), let whole = Int(share[..<point]) else { return "–" }
    let decimals = share[share.index(after: point)...]
    guard decimals.count == 4, let fraction = Int(decimals) else { return "–" }
    return "\(whole * 100 + fraction / 100)\(language(dutch: ",", english: "."))\(decimals.suffix(2))%"
  }

  /// 2023–2024
  func schoolYear(_ start: Int) -> String { "\(start)–\(start + 1)" }
}
