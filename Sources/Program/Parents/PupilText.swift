extension ContentKind {
  /// Which pupil an objection is about.
  public static let pupil = ContentKind(
    "pupil", name: "Pupil", path: "objections/{id}/pupil", tag: "Objections",
    about: """
      Which pupil an objection is about, as the school refers to them. The school's alone; the coach reads it while they \
      are to film the group.
      """,
    form: Form([Field("reference", .pattern(.pupilReference), PupilText.about, example: #""L-0412""#)]),
    shape: [.init("reference", .text)])

  /// What the school keeps of an objection beside it.
  public static let objectionNote = ContentKind(
    "objection_note", name: "ObjectionNote", path: "objections/{id}/note", tag: "Objections",
    about: "What the school notes of an objection. The school's alone.",
    form: Form([
      Field(
        "text", .prose(limit: 2000), "The note.", example: #""Ouder wil vooraf bericht als er gefilmd wordt.""#)
    ]),
    shape: [.init("text", .text)])
}

enum PupilText {
  static let about = """
    How the school refers to the pupil: a number out of its own administration, such as `L-0412`; never a name, a date of \
    birth or a citizen service number.
    """
}

extension TextPattern {
  /// A school's own reference to a pupil: letters in short runs beside at least one digit. What looks like a name, a date
  /// or a citizen service number is refused with the reason, by `PupilReference`.
  public static let pupilReference = TextPattern(
    expression: "^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}$", limit: 40, refusal: PupilReference.refusal,
    dutch: "Geef het nummer uit de leerlingadministratie, bijvoorbeeld L-0412: letters, cijfers, punten en strepen.",
    english: "Give the number out of the pupil administration, for example L-0412: letters, digits, dots and dashes.")
}

/// What a school's reference to a pupil must not be. [L] Data minimisation; the citizen service number is not to be
/// processed without a law that says so (UAVG art. 46).
enum PupilReference {
  /// Nil where nothing is wrong with it.
  static func refusal(of text: String) -> Fault.Wording? {
    let runs = text.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
    let digits = text.filter(\.isNumber)
    if looksLikeDate(text) { return date }
    if digits.count == 9 || digits.count == 8, passesElevenTest(digits) { return serviceNumber }
    let words = text.split { !$0.isLetter }
    if digits.isEmpty || words.contains(where: looksLikeName) || runs.isEmpty { return name }
    return nil
  }

  /// Two letters or more of which one is small, or four and more: no code has those.
  private static func looksLikeName(_ word: Substring) -> Bool {
    word.count >= 4 || word.count >= 2 && word.contains(where: \.isLowercase)
  }

  /// Day, month and year in any usual order and spelling, of somebody who could be a pupil.
  private static func looksLikeDate(_ text: String) -> Bool {
    let numbers = text.split { !$0.isNumber }.map(String.init)
    for window in numbers.indices.dropLast(2) where numbers.count >= 3 {
      if isDate(Array(numbers[window...(window + 2)])) { return true }
    }
    return numbers.contains { number in
      let digits = Array(number)
      guard digits.count == 8 else { return false }
      let parts = { (ranges: [Range<Int>]) in ranges.map { String(digits[$0]) } }
      return isDate(parts([0..<4, 4..<6, 6..<8])) || isDate(parts([0..<2, 2..<4, 4..<8]))
    }
  }

  private static func isDate(_ parts: [String]) -> Bool {
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == 3, (1...12).contains(numbers[1]) else { return false }
    let isYear = { (part: String, number: Int) in part.count == 4 ? (1980...2100).contains(number) : part.count == 2 }
    let isDay = { (number: Int) in (1...31).contains(number) }
    return isDay(numbers[0]) && isYear(parts[2], numbers[2]) || isYear(parts[0], numbers[0]) && isDay(numbers[2])
  }

  /// The check that every citizen service number passes.
  private static func passesElevenTest(_ digits: String) -> Bool {
    let numbers = (digits.count == 8 ? "0" + digits : digits).compactMap(\.wholeNumberValue)
    let weighted = zip(numbers, [9, 8, 7, 6, 5, 4, 3, 2, -1]).map(*).reduce(0, +)
    return numbers.count == 9 && weighted % 11 == 0 && weighted != 0
  }

  private static let name = Fault.Wording(
    dutch: "Dit lijkt op een naam. Geef het nummer uit de leerlingadministratie, bijvoorbeeld L-0412.",
    english: "This looks like a name. Give the number out of the pupil administration, for example L-0412.")
  private static let date = Fault.Wording(
    dutch: "Dit lijkt op een geboortedatum. Geef het nummer uit de leerlingadministratie, bijvoorbeeld L-0412.",
    english: "This looks like a date of birth. Give the number out of the pupil administration, for example L-0412.")
  private static let serviceNumber = Fault.Wording(
    dutch: "Dit lijkt op een burgerservicenummer. Geef het nummer uit de leerlingadministratie, bijvoorbeeld L-0412.",
    english: "This looks like a citizen service number. Give the number out of the pupil administration, for example L-0412.")
}
