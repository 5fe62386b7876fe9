/// The place in a list after which the next page begins: opaque to the client, the sort keys of a row to us.
///
/// The SQL function `app.cursor` writes it, this reads it.
public struct Cursor: Sendable, Equatable {
  /// The sort keys; an empty one stands for null.
  public let keys: [String]

  /// Nil when it is not a cursor of `count` keys.
  public init?(_ text: some StringProtocol, count: Int) {
    guard let bytes = Base64URL.decode(text), let joined = String(validating: bytes, as: UTF8.self),
      !joined.utf8.contains(0)
    else { return nil }
    keys = joined.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
    guard keys.count == count else { return nil }
  }
}
