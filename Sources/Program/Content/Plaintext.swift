import Foundation

/// What a teacher or a school wrote, readable: made of a form that was filled in, or of what was sealed.
///
/// Nothing prints it: it has no description of its text, no mirror, and no way into a statement but sealed.
public struct Plaintext: Sendable {
  public let kind: ContentKind
  /// JSON, as the API answers it.
  public let bytes: [UInt8]

  init(kind: ContentKind, bytes: [UInt8]) {
    self.kind = kind
    self.bytes = bytes
  }

  /// What the form of its kind was filled in with, in Unicode's composed form (NFC).
  public init(_ kind: ContentKind, _ draft: Draft) {
    let json = draft.json
    // ASCII is composed as it is; to compose it all the same took more than to seal it.
    let isASCII = json.utf8.allSatisfy { $0 < 0x80 }
    self.init(kind: kind, bytes: Array((isASCII ? json : json.precomposedStringWithCanonicalMapping).utf8))
  }

  /// What the one field of its kind's form was filled in with, where it came with other facts.
  init(_ kind: ContentKind, alone text: String) {
    self.init(kind, Draft.empty.with(kind.form.fields[0].name, text))
  }
}

extension Plaintext: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Its kind.
  public var description: String { "Plaintext(\(kind.code))" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
