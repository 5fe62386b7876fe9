extension CivilDate {
  /// The day as people write it: `1 augustus 2023`, `1 August 2023`.
  public func written(in language: Language) -> String {
    let (year, month, day) = components
    return "\(day) \(Self.months(in: language)[month - 1]) \(year)"
  }

  private static func months(in language: Language) -> [String] {
    switch language {
    case .dutch: dutchMonths
    case .english: englishMonths
    }
  }

  private static let dutchMonths = [
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
  ]
  private static let englishMonths = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
}
