/// Why content cannot be opened. Says which, and nothing of it.
public enum ContentFault: Error, Sendable, Equatable {
  /// The server has no master keys: it was started without the file.
  case noMasterKeys
  /// A data key is wrapped by a master key that the file does not have.
  case unknownMasterKey(String)
  /// A data key is not what was written there.
  case damagedKey(UUIDv7)
  /// A text is not what was written there.
  case damaged(ContentKind, UUIDv7)

  public static func == (left: ContentFault, right: ContentFault) -> Bool { left.description == right.description }
}

extension ContentFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noMasterKeys: "no master keys: BEELD_MASTER_KEY_FILE is not set"
    case .unknownMasterKey(let name): "the master key \(name) is not in the file of BEELD_MASTER_KEY_FILE"
    case .damagedKey(let id): "data key \(id) is not what was written"
    case .damaged(let kind, let item): "\(kind.code) of \(item) is not what was written"
    }
  }
}
