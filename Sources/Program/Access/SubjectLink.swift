import Postgres

/// The tie between a subject of the organisation's OpenID provider and a person, made once by an address that the
/// provider has verified.
public enum SubjectLink {
  private static let none = Statement("select 1")
  private static let make = Statement("select app.link_subject($1, $2)")

  /// Asks for nothing but the identity: raises `BE401` when nobody who is let in has it.
  public static func check(_ identity: Identity) -> Segment {
    identity.read(none())
  }

  /// Links the subject to the person with that address, if that is one and has no subject yet. One column: whether it
  /// did.
  public static func make(_ subject: String, email: String) -> Segment {
    Segment(make(.text(subject), .text(email)))
  }
}
