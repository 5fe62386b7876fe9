import Crypto
import Synchronization

/// Tokens that were verified a moment ago, so that a client's every request does not cost a signature check. Bounded: two
/// halves, of which the older goes when the younger is full.
final class VerifiedTokens: Sendable {
  /// SHA-256 of a token: the token itself is not kept.
  struct Digest: Hashable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    init(of token: [UInt8]) {
      words = SHA256.hash(data: token).withUnsafeBytes { bytes in
        func word(_ index: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) }
        return (word(0), word(1), word(2), word(3))
      }
    }

    static func == (one: Self, other: Self) -> Bool { one.words == other.words }

    /// One word of a hash is random enough.
    func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
  }

  private struct Entry {
    let claims: Claims
    /// The key set that it was verified with: a key that is withdrawn takes its tokens along.
    let generation: Int
  }

  private struct Halves {
    var young: [Digest: Entry] = [:]
    var old: [Digest: Entry] = [:]
  }

  private let halves = Mutex(Halves())
  private static let half = 2048

  /// The claims of a token that was verified with this key set and has not expired since.
  func claims(of digest: Digest, generation: Int, at now: Double) -> Claims? {
    halves.withLock { halves in
      let young = halves.young[digest]
      guard let entry = young ?? halves.old[digest], entry.generation == generation,
        now < entry.claims.expiresAt + Expectation.leeway
      else { return nil }
      if young == nil { Self.add(entry, digest, &halves) }
      return entry.claims
    }
  }

  func remember(_ claims: Claims, of digest: Digest, generation: Int) {
    halves.withLock { Self.add(Entry(claims: claims, generation: generation), digest, &$0) }
  }

  private static func add(_ entry: Entry, _ digest: Digest, _ halves: inout Halves) {
    if halves.young.count >= half { halves = Halves(old: halves.young) }
    halves.young[digest] = entry
  }
}
