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
    try Dictionary(grouping: Organisation.texts, by: \.teacher).flatMap { teacher, texts in
      let key = DataKey(for: UUIDv7(teacher.id)!)
      let wrapped = try key.wrapped(with: masterKeys)
      return try [
        """
        insert into data_key (id, person_id, bound_to, master_key, wrapped)
        values ('\(key.id)', '\(teacher.id)', '\(teacher.id)', '\(wrapped.masterKey)', \(literal(wrapped.sealed)))
        """
      ]
        + texts.map { text in
          let kind = ContentKind.all.first { $0.code == text.kind }!
          let plain = Plaintext(kind: kind, bytes: Array(words(of: text).utf8))
          return """
            insert into content (kind, item_id, teacher_id, data_key_id, sealed)
            values ('\(text.kind)', '\(text.item)', '\(teacher.id)', '\(key.id)',
              \(literal(try key.seal(plain, of: UUIDv7(text.item)!))))
            """
        }
    }
  }

  /// As the form of its kind would have it.
  static func words(of text: Organisation.Text) -> String {
    switch text.kind {
    case "learning_question": #"{"text":"Over \#(text.item)"}"#
    case "reflection":
      #"{"moments":[{"at":"1:00","text":"Over \#(text.item)"},{"at":"2:00","text":"Rust."}],"suggestions":[]}"#
    default: #"{"strengths":"Over \#(text.item)","development_points":"Wachten."}"#
    }
  }

  private static func literal(_ sealed: Sealed) -> String {
    let digits = Array("0123456789abcdef")
    return "'\\x" + String(sealed.bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }) + "'"
  }
}
