import Testing

@testable import Program

/// What a school may call a pupil: an ordinary number of its administration, and nothing that tells who it is.
@Suite struct PupilReferenceTests {
  /// What is wrong with a reference, as a code; nil: nothing.
  private func fault(_ text: String) -> String? {
    do throws(Faults) {
      _ = try ContentKind.pupil.form.draft(
        of: .object([.init(name: "reference", value: .string(text))]), for: .creation)
      return nil
    } catch {
      return error.list.map(\.code).joined(separator: " ")
    }
  }

  @Test(
    "An ordinary number of a pupil administration is taken",
    arguments: [
      "L-0412", "0412", "1", "412", "12345", "104512", "999999", "A1", "a1", "5b-3", "ABC12", "PO-2024-17", "PO 17",
      "2024-0412", "2024/0412", "L.0412", "L_0412", "20231234", "20249999", "31023412", "12345678", "99999999",
      "123456789", "L-1-2-3", "12-34-56", "leerling 412", "lln412", "LLN-412", "Lln. 0412", "nr 12", "Nr.12", "ll12",
      "gr 5 nr 12", "groep 7, 12".replacing(",", with: ""), "019a0000-0000-7003", "1234567890", "A3F9C2", "x7k2p9",
      "131313", "A3F9C22", "5b3-12", "1.2", "12-3", "2024-13-1", "0", "00000000", "000000000",
    ])
  func ordinary(text: String) {
    #expect(fault(text) == nil, "\(text)")
  }

  @Test(
    "What looks like a name is refused",
    arguments: [
      "Jansen", "Jan", "jan", "Bo", "A", "AB", "L-", "Eva de Vries", "Jansen2014", "Jan 2", "eva-12", "Bo1", "tom3",
      "JANSEN-12", "J. Jansen 3", "12 Pietersen", "mohammed.el.amrani1", "Zoë", "Zoë 12", "Şeyma1", "O'Neill 7",
      "Пётр 4",
      "leerling Jansen 12", "leerling",
    ])
  func names(text: String) {
    #expect(fault(text) == "looks_like_name", "\(text)")
  }

  @Test(
    "What looks like a date of birth is refused, however it is written",
    arguments: [
      "2014-03-12", "12-03-2014", "12-3-2014", "12/03/2014", "12.03.2014", "12 03 2014", "03-25-2014", "2014/3/12",
      "12-03-14", "14-03-12", "1-2-14", "20140312", "12032014", "120314", "140312", "L-20140312", "L-120314",
      "geb 12-03-2014", "12 maart 2014", "12 mrt 2014", "12-mei-14", "12MRT2014", "March 12 2014", "2020-02-29",
      "29022020", "31-12-1999", "L 12-03-2014 A",
    ])
  func dates(text: String) {
    #expect(fault(text) == "looks_like_date_of_birth", "\(text)")
  }

  @Test(
    "A day that there is not is no date of birth",
    arguments: ["20140231", "31042014", "2014-02-31", "31-04-2014", "20191301", "329914"])
  func impossibleDays(text: String) {
    #expect(fault(text) == nil, "\(text)")
  }

  @Test(
    "What looks like a citizen service number is refused, however its digits are parted",
    arguments: ["111222333", "123456782", "123.456.782", "1234 56 782", "L-123456782", "BSN 123456782", "12-123456782"])
  func serviceNumbers(text: String) {
    #expect(fault(text) == "looks_like_service_number", "\(text)")
  }

  @Test("Of nine digits one in eleven is a citizen service number: its neighbours are none")
  func elevenTest() {
    let taken = (123_456_700..<123_456_810).filter { fault("\($0)") == nil }
    #expect(taken.count == 100)
  }

  @Test(
    "Other characters, blanks at the beginning and more than forty of them are refused with what would do",
    arguments: [
      " 12", "-12", "", "12@example.org", "12\n", "12;34", "1\u{0}2", "１２３4", String(repeating: "1 ", count: 21),
    ])
  func forms(text: String) {
    #expect(["invalid_format", "looks_like_name"].contains(fault(text)), "\(text)")
  }

  @Test("A refusal says why in both languages, and never repeats what it refuses")
  func reasons() throws {
    for text in ["Jansen", "12-03-2014", "123456782"] {
      let refusal = try #require(PupilReference.refusal(of: text))
      for wording in [refusal.wording.dutch, refusal.wording.english] {
        #expect(wording.contains("L-0412") && !wording.contains(text))
      }
      #expect(refusal.wording.dutch != refusal.wording.english)
    }
  }
}
