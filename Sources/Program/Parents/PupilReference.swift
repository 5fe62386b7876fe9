extension TextPattern {
  /// A school's own reference to a pupil. What looks like a name, a date of birth or a citizen service number is refused
  /// with the reason, by `PupilReference`.
  public static let pupilReference = TextPattern(
    expression: "^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}$", limit: 40, refusal: PupilReference.refusal,
    dutch: "Geef het nummer uit de leerlingadministratie, bijvoorbeeld L-0412: letters, cijfers, punten en strepen.",
    english: "Give the number out of the pupil administration, for example L-0412: letters, digits, dots and dashes.")
}

/// What a school's reference to a pupil must not be: data of a child that nobody here needs (AVG art. 5 (1) c), nor a
/// citizen service number, which is not processed without a law that says so (UAVG art. 46).
///
/// Judged by its looks alone, and so that an ordinary number of a pupil administration passes:
///
/// - *A name*: no digit at all; or a word of four letters and more, of three of which one is small (`Eva`, `tom`), or of
///   two that are written as a name is (`Bo`). `PO-2024-17`, `ABC12` and `5b-3` are none, nor are words that schools put
///   before a number (`leerling 412`, `lln. 12`).
/// - *A date of birth*: day, month and year parted from each other, in any order that people write them in; or eight or
///   six digits together that are an existing day of the years 2000 to 2039, which a pupil can be born in
///   (`20140312`, `12032014`, `120314`). `20231234`, `2024-0412` and `104512` are none.
/// - *A citizen service number*: nine digits, together or in all, that pass the eleven test. So is one in eleven of
///   other numbers of nine digits; those of eight are none, since no child has a service number that begins with 0.
enum PupilReference {
  static let about = """
    How the school refers to the pupil: a number out of its own administration, such as `L-0412`; never a name, a date of \
    birth or a citizen service number.
    """

  /// Why a text is not taken; nil where nothing is wrong with its looks.
  @Sendable static func refusal(of text: String) -> TextPattern.Refusal? {
    let numbers = text.split { !isDigit($0) }.map(String.init)
    let words = text.split { !$0.isLetter }.map { String($0) }
    if isDated(text, numbers, words) { return date }
    if (numbers + [numbers.joined()]).contains(where: isServiceNumber) { return serviceNumber }
    if numbers.isEmpty || words.contains(where: isName) { return name }
    return nil
  }

  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}

// Names.
extension PupilReference {
  private static func isName(_ word: String) -> Bool {
    if usual.contains(word.lowercased()) { return false }
    switch word.count {
    case 0...1: return false
    case 2: return word.first?.isUppercase == true && word.last?.isLowercase == true
    case 3: return word.contains(where: \.isLowercase)
    default: return true
    }
  }

  /// What schools write before a number.
  private static let usual: Set = [
    "leerling", "leerlingnummer", "leerlingnr", "lln", "llnr", "nummer", "nr", "no", "groep", "gr", "klas", "pupil",
  ]
}

// Dates.
extension PupilReference {
  private static func isDated(_ text: String, _ numbers: [String], _ words: [String]) -> Bool {
    if numbers.count >= 2 && words.contains(where: isMonth) || numbers.contains(where: isDayTogether) { return true }
    // Letters between them part numbers that are no date: `A3F9C22`.
    return text.split(whereSeparator: \.isLetter).contains { stretch in
      let parts = stretch.split { !isDigit($0) }.map(String.init)
      return parts.indices.dropLast(2).contains { isDay(parts[$0], parts[$0 + 1], parts[$0 + 2]) }
    }
  }

  /// Year, month and day parted from each other, the month in the middle or, as in America, first.
  private static func isDay(_ first: String, _ second: String, _ third: String) -> Bool {
    isDay(year: first, second, third) || isDay(year: third, second, first) || isDay(year: third, first, second)
  }

  private static func isDay(year: String, _ month: String, _ day: String) -> Bool {
    guard year.count == 2 || year.count == 4, month.count <= 2, day.count <= 2 else { return false }
    return exists(century(year), month, day)
  }

  /// As `YYYYMMDD`, `DDMMYYYY`, `YYMMDD` or `DDMMYY`, and of a pupil.
  private static func isDayTogether(_ number: String) -> Bool {
    guard number.count == 8 || number.count == 6 else { return false }
    let digits = Array(number)
    let width = digits.count - 4
    func part(_ from: Int, _ count: Int) -> String { String(digits[from..<(from + count)]) }
    let (first, last) = (century(part(0, width)), century(part(4, width)))
    return (2000...2039).contains(first) && exists(first, part(width, 2), part(width + 2, 2))
      || (2000...2039).contains(last) && exists(last, part(2, 2), part(0, 2))
  }

  private static func exists(_ year: Int, _ month: String, _ day: String) -> Bool {
    guard let month = Int(month), let day = Int(day) else { return false }
    return CivilDate(year: year, month: month, day: day) != nil
  }

  /// A year as it was meant: two digits are of this century, or of the end of the one before.
  private static func century(_ year: String) -> Int {
    let number = Int(year) ?? 0
    return year.count == 2 ? number + (number < 60 ? 2000 : 1900) : number
  }

  private static func isMonth(_ word: String) -> Bool {
    let word = word.lowercased()
    return word.count >= 3 && months.contains { $0.hasPrefix(word) } || ["mrt", "sept"].contains(word)
  }

  private static let months = [
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december", "january", "february", "march", "may", "june", "july", "august", "october",
  ]
}

// Citizen service numbers.
extension PupilReference {
  /// The check that every one passes: the digits times 9, 8 … 2 and -1 add up to a multiple of 11.
  private static func isServiceNumber(_ number: String) -> Bool {
    let digits = number.compactMap(\.wholeNumberValue)
    let sum = zip(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]).map { $0 * $1 }.reduce(0, +)
    return digits.count == 9 && digits.contains { $0 > 0 } && sum % 11 == 0
  }
}

// The reasons.
extension PupilReference {
  private static let name = TextPattern.Refusal(
    code: "looks_like_name",
    wording: .init(
      dutch: "Dit lijkt op een naam. Geef het nummer uit de leerlingadministratie, bijvoorbeeld L-0412.",
      english: "This looks like a name. Give the number out of the pupil administration, for example L-0412."))
  private static let date = TextPattern.Refusal(
    code: "looks_like_date_of_birth",
    wording: .init(
      dutch: "Dit lijkt op een geboortedatum. Geef het nummer uit de leerlingadministratie, bijvoorbeeld L-0412.",
      english: "This looks like a date of birth. Give the number out of the pupil administration, for example L-0412."))
  private static let serviceNumber = TextPattern.Refusal(
    code: "looks_like_service_number",
    wording: .init(
      dutch: "Dit lijkt op een burgerservicenummer. Geef een ander nummer van de leerling, bijvoorbeeld L-0412.",
      english: "This looks like a citizen service number. Give another number of the pupil, for example L-0412."))
}
