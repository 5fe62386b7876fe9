import JWTKit

/// The provider's keys that we can use (RFC 7517 §5).
struct KeySet: Sendable {
  private let keys: [SigningKey]

  var count: Int { keys.count }

  /// Nil when the text is no key set. Keys that are not for us are left out, each by itself; of two with the same name
  /// and of the same type the first counts.
  init?(_ bytes: [UInt8]) async {
    guard let object = JSONValue(bytes)?.object, !object.isAmbiguous, let items = object["keys"]?.array else {
      return nil
    }
    var keys: [SigningKey] = []
    for item in items.prefix(Self.limit) {
      guard let object = item.object, let key = await SigningKey(object) else { continue }
      let isTaken = keys.contains { key.id != nil && Self.same($0.id, key.id) && $0.type == key.type }
      if !isTaken { keys.append(key) }
    }
    self.keys = keys
  }

  enum Choice {
    case verifier(any JWTAlgorithm)
    /// None of that name: the provider may have a newer one.
    case unknown
    /// The name is known, but not for this algorithm; or more than one key could be meant.
    case unfit
  }

  /// The one key that a token can mean: that of its `kid`, or, where it names none, the only one for its algorithm.
  func choose(_ id: String?, for algorithm: Algorithm) -> Choice {
    let named = id.map { id in keys.filter { Self.same($0.id, id) } } ?? keys
    let verifiers = named.compactMap { $0.verifier(for: algorithm) }
    if let only = verifiers.first, verifiers.count == 1 { return .verifier(only) }
    return named.isEmpty || id == nil && verifiers.isEmpty ? .unknown : .unfit
  }

  /// By bytes: to Swift, texts that only Unicode calls equivalent are equal.
  private static func same(_ one: String?, _ other: String?) -> Bool {
    guard let one, let other else { return false }
    return one.utf8.elementsEqual(other.utf8)
  }

  /// More keys than any provider has; what is beyond them is not read.
  private static let limit = 100
}
