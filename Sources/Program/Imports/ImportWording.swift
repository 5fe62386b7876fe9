extension ImportFault {
  /// What is wrong and what was expected, in a sentence without the place.
  public func text(in language: Language) -> String {
    language(dutch: dutch, english: english)
  }

  private var quoted: String { "‘\(value ?? "")’" }

  private func argument(_ index: Int) -> String { index < arguments.count ? arguments[index] : "" }

  private var dutch: String {
    switch code {
    case .absenceOverlap: "overlapt met dezelfde afwezigheid vanaf \(argument(1))\(dutchPlace)"
    case .alreadyInvited: "\(quoted) heeft op een uitnodiging van u nog niet geantwoord"
    case .boardNumber: "\(quoted) is geen bestuursnummer: verwacht vijf cijfers"
    case .brokenByte: "kapotte byte \(argument(0)) op positie \(argument(1)): geen teken in \(argument(2))"
    case .contradiction: "\(quoted) spreekt regel \(argument(1)) tegen: daar heeft deze persoon ‘\(argument(0))’"
    case .controlCharacter: "bevat een besturingsteken of regeleinde"
    case .date: "\(quoted) is geen datum: verwacht JJJJ-MM-DD of DD-MM-JJJJ, van 1900 tot en met 2199"
    case .dateOrder: "\(quoted) ligt niet na de eerste dag"
    case .debriefOrder: "\(quoted) ligt voor de dag van de opname"
    case .doubled: "\(quoted) staat ook op regel \(argument(0))"
    case .doubledColumn: "deze kolom staat er meer dan één keer"
    case .email: "\(quoted) is geen e-mailadres"
    case .emailTaken: "\(quoted) is al het adres van personeelsnummer \(argument(0))"
    case .emptyFile: "het bestand is leeg"
    case .fte: "\(quoted) is geen werktijdfactor: verwacht meer dan 0 en hooguit 1,5, met hooguit vier decimalen"
    case .inFuture: "\(quoted) ligt in de toekomst"
    case .missingColumn: "deze kolom ontbreekt"
    case .noRows: "het bestand heeft geen enkele rij onder de kolomkoppen"
    case .notATeacher: "\(quoted) is geen leerkracht"
    case .notHistory: "van deze opname bevestigen coach en leerkracht zelf het nagesprek"
    case .overlap: "overlapt met de aanstelling vanaf \(argument(1)), zelfde functie en school\(dutchPlace)"
    case .personNumber: "\(quoted) is geen personeelsnummer: verwacht 1 tot 32 letters, cijfers, punten of streepjes"
    case .postalCode: "\(quoted) is geen postcode: verwacht bijvoorbeeld 9001 AB"
    case .prose: "lijkt tekst uit het gesprek, en die hoort hier niet: laat dit weg"
    case .recordTooLong: "de rij is langer dan \(argument(0)) bytes; staat er een aanhalingsteken te veel?"
    case .required: "mag niet leeg zijn"
    case .schoolCode: "\(quoted) is geen vestigingscode: verwacht bijvoorbeeld 12AB00"
    case .textAfterQuote: "tekst na het sluitende aanhalingsteken; een aanhalingsteken in een veld wordt verdubbeld"
    case .tooLong: "is langer dan \(argument(0)) tekens"
    case .tooManyFields: "de rij heeft meer dan \(argument(0)) velden"
    case .unclosedQuote: "het aanhalingsteken dat hier opent, wordt nergens gesloten"
    case .unknownBoard: "het bestand heeft geen school van bestuur \(quoted)"
    case .unknownPerson: "iemand met personeelsnummer \(quoted) is er niet"
    case .unknownSchool: "een school met code \(quoted) is er niet"
    case .unknownValue: "\(quoted) is onbekend: verwacht \(arguments.joined(separator: ", "))"
    case .utf16: "het bestand is UTF-16: bewaar het als UTF-8"
    case .wrongFieldCount: "de rij heeft \(argument(0)) velden, de kop \(argument(1))"
    }
  }

  private var english: String {
    switch code {
    case .absenceOverlap: "overlaps with the same absence from \(argument(1))\(englishPlace)"
    case .alreadyInvited: "\(quoted) has not answered an invitation of yours yet"
    case .boardNumber: "\(quoted) is not a board number: expected five digits"
    case .brokenByte: "broken byte \(argument(0)) at position \(argument(1)): not a character in \(argument(2))"
    case .contradiction: "\(quoted) contradicts line \(argument(1)), which has ‘\(argument(0))’ for the same person"
    case .controlCharacter: "holds a control character or line break"
    case .date: "\(quoted) is not a date: expected YYYY-MM-DD or DD-MM-YYYY, from 1900 up to 2199"
    case .dateOrder: "\(quoted) is not after the first day"
    case .debriefOrder: "\(quoted) is before the day of the recording"
    case .doubled: "\(quoted) is also on line \(argument(0))"
    case .doubledColumn: "this column is there more than once"
    case .email: "\(quoted) is not an e-mail address"
    case .emailTaken: "\(quoted) is the address of person number \(argument(0)) already"
    case .emptyFile: "the file is empty"
    case .fte: "\(quoted) is not an fte: expected more than 0 and at most 1.5, with at most four decimals"
    case .inFuture: "\(quoted) is in the future"
    case .missingColumn: "this column is missing"
    case .noRows: "the file has no row below its headings"
    case .notATeacher: "\(quoted) is not a teacher"
    case .notHistory: "the debrief of this recording is for its coach and teacher to confirm"
    case .overlap: "overlaps with the employment from \(argument(1)) in the same job at the same school\(englishPlace)"
    case .personNumber: "\(quoted) is not a person number: expected 1 to 32 letters, digits, dots or dashes"
    case .postalCode: "\(quoted) is not a postal code: expected for example 9001 AB"
    case .prose: "looks like text of the talk, which has no place here: leave it out"
    case .recordTooLong: "the row is longer than \(argument(0)) bytes; is there a quote too many?"
    case .required: "may not be empty"
    case .schoolCode: "\(quoted) is not a location code: expected for example 12AB00"
    case .textAfterQuote: "text after the closing quote; a quote inside a field is doubled"
    case .tooLong: "is longer than \(argument(0)) characters"
    case .tooManyFields: "the row has more than \(argument(0)) fields"
    case .unclosedQuote: "the quote that opens here is never closed"
    case .unknownBoard: "the file has no school of board \(quoted)"
    case .unknownPerson: "there is nobody with person number \(quoted)"
    case .unknownSchool: "there is no school with code \(quoted)"
    case .unknownValue: "\(quoted) is unknown: expected \(arguments.joined(separator: ", "))"
    case .utf16: "the file is UTF-16: save it as UTF-8"
    case .wrongFieldCount: "the row has \(argument(0)) fields, the header \(argument(1))"
    }
  }

  /// Line 0 stands for an employment or absence that was known before.
  private var dutchPlace: String { argument(0) == "0" ? ", die al bekend was" : ", op regel \(argument(0))" }
  private var englishPlace: String { argument(0) == "0" ? ", known before" : ", on line \(argument(0))" }
}
