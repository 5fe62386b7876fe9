import TestDatabase

@testable import Program

/// The texts of the organisation, sealed by the program itself, so that its routes open them. Each says of which item it
/// is.
enum SealedTexts {
  /// Those of every server of the tests.
  static let masterKeys: MasterKeys? = try? MasterKeys(MasterKeys.newLine(named: "test"))

  /// SQL that puts them in the place of bytes that no key opens; nothing of it is in the audit.
  static let arrangement: String = {
    guard let masterKeys, let rows = try? rows(under: masterKeys) else { return "select 'no texts' / 0" }
    return
      (["set session_replication_role = replica", "delete from content", "delete from data_key"] + rows
      + ["set session_replication_role = origin"]).joined(separator: ";\n")
  }()

  private static func rows(under masterKeys: MasterKeys) throws -> [String] {
    let teachers = try Dictionary(grouping: Organisation.texts, by: \.teacher).flatMap { teacher, texts in
      try rows(of: "person", teacher.id, texts.map { ($0.kind, $0.item) }, under: masterKeys)
    }
    let schools = try Dictionary(grouping: Organisation.objections, by: \.school).flatMap { school, objections in
      let texts = objections.flatMap { objection in objection.texts.map { ($0, objection.id) } }
      return try rows(of: "school", school.id, texts, under: masterKeys)
    }
    return teachers + schools
  }

  /// - Parameter owner: `person` or `school`.
  private static func rows(
    of owner: String, _ id: String, _ texts: [(kind: String, item: String)], under masterKeys: MasterKeys
  ) throws -> [String] {
    let key = DataKey(for: UUIDv7(id)!)
    let wrapped = try key.wrapped(with: masterKeys)
    return try [
      """
      insert into data_key (id, \(owner)_id, bound_to, master_key, wrapped)
      values ('\(key.id)', '\(id)', '\(id)', '\(wrapped.masterKey)', \(literal(wrapped.sealed)))
      """
    ]
      + texts.map { kind, item in
        let plain = Plaintext(
          kind: ContentKind.all.first { $0.code == kind }!, bytes: Array(words(of: kind, item).utf8))
        return """
          insert into content (kind, item_id, \(owner == "person" ? "teacher" : owner)_id, data_key_id, sealed)
          values ('\(kind)', '\(item)', '\(id)', '\(key.id)', \(literal(try key.seal(plain, of: UUIDv7(item)!))))
          """
      }
  }

  /// As the form of its kind would have it.
  private static func words(of kind: String, _ item: String) -> String {
    switch kind {
    case "learning_question", "objection_note": #"{"text":"Over \#(item)"}"#
    case "pupil": #"{"reference":"\#(item)"}"#
    case "reflection":
      #"{"moments":[{"at":"1:00","text":"Over \#(item)"},{"at":"2:00","text":"Rust."}],"suggestions":[]}"#
    default: #"{"strengths":"Over \#(item)","development_points":"Wachten."}"#
    }
  }

  private static func literal(_ sealed: Sealed) -> String {
    let digits = Array("0123456789abcdef")
    return "'\\x" + String(sealed.bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }) + "'"
  }
}
