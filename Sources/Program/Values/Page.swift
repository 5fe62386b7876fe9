/// Which part of a list is asked for.
public struct Page: Sendable {
  public static let defaultLimit = 50
  public static let limits = 1...500

  /// Rows at most, 1 to 500.
  public let limit: Int
  /// Where the page before this one ended.
  public let after: Cursor?

  /// A limit out of bounds is brought to the nearest bound.
  public init(limit: Int = defaultLimit, after: Cursor? = nil) {
    self.limit = min(max(limit, Self.limits.lowerBound), Self.limits.upperBound)
    self.after = after
  }
}
